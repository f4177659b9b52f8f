"""What sort of case a piece of feedback is, after the corrections of people."""

from collections.abc import Sequence
from dataclasses import replace

from casework.feedback_limits import Profile
from casework.feedback_state import FeedbackEvent

_PROFILED = frozenset({"corrected", "lane_confirmed", "released"})


def profile_of(opened: FeedbackEvent, events: Sequence[FeedbackEvent]) -> Profile:
    """What people made of the first classification: each correction replaces what it names."""
    profile = _named(Profile(), opened)
    for event in events:
        if event.type in _PROFILED:
            profile = _named(_no_longer_to_cao(profile) if event.type == "released" else profile, event)
    return profile


def _named(profile: Profile, event: FeedbackEvent) -> Profile:
    return Profile(
        lane=event.lane or profile.lane,
        kind=event.kind or profile.kind,
        urgency=event.urgency or profile.urgency,
        domain=event.domain or profile.domain,
    )


def _no_longer_to_cao(profile: Profile) -> Profile:
    return replace(profile, lane="phan_anh_kien_nghi") if profile.lane == "to_cao" else profile
