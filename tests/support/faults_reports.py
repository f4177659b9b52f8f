"""Random courses of reports: sent back, extended, asked about, corrected, confirmed, closed, opened again."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

Fields = dict[str, Any]
KINDS = ("regulation", "conduct", "incident", "incident", "proposal", "question", "praise")
URGENCIES = ("urgent", "complex", "normal", "normal")
DOMAINS = ("land", "traffic", "environment", "health")
LANES = ("phan_anh_kien_nghi",) * 5 + ("khieu_nai", "to_cao")
GIVEN = ("LG.SXD", "LG.VP", "LG.CA", "LG.HCC")
TYPES = (
    "accepted", "assigned", "assigned", "assigned", "returned", "returned", "info_requested", "info_received",
    "extended", "extended", "corrected", "lane_confirmed", "answered", "published", "rejected", "withdrawn", "merged",
    "reopened", "reopened", "rated", "urged", "directed", "released", "erased",
)  # fmt: skip
# what often follows one another, and by chance seldom would
PLOTS = (
    (), (), ("assigned", "returned"), ("assigned", "returned", "answered", "reopened"), ("answered", "reopened"),
    ("rejected", "lane_confirmed"), ("lane_confirmed", "extended", "answered"), ("assigned", "extended", "assigned"),
    ("info_requested", "returned", "info_received"), ("assigned", "returned", "assigned"),
)  # fmt: skip
HOURS = (0, 0, 1, 5, 20, 24, 48, 72, 120, 240)


def opened(random: Random, received: datetime) -> Fields:
    """What a report is, and who took it in."""
    return {
        "received_at": received.isoformat(), "channel": "portal", "agency": random.choice(("LG.HCC", "LG.HCC", None)),
        "lane": random.choice(LANES), "kind": random.choice(KINDS), "urgency": random.choice(URGENCIES),
        "domain": random.choice(DOMAINS),
    }  # fmt: skip


def decided(random: Random, received: datetime) -> list[tuple[str, datetime, Fields]]:
    """What people do about it from then on, in order: type, moment and fields."""
    moment, story = received, []
    plots = [*random.choice(PLOTS), *random.choices(TYPES, k=random.randrange(5)), *random.choice(PLOTS)]
    for type_ in plots:
        moment += timedelta(hours=random.choice(HOURS), minutes=random.choice((0, 7)))
        story.append((type_, moment, _fields(random, type_, moment)))
    return story


def _fields(random: Random, type_: str, moment: datetime) -> Fields:
    later = (moment + timedelta(days=random.choice((1, 10, 20, 40)))).isoformat()
    number = random.choice((None, "12/QĐ"))
    told: dict[str, Fields] = {
        "assigned": {"agency": random.choice(GIVEN)}, "returned": {"reason": "not_ours"},
        "extended": {"until": later, "document_number": number}, "directed": {"until": later},
        "rejected": {"door": "other"}, "merged": {"into": "PA-0"},
        "rated": {"rating": random.choice(("like", "dislike"))},
        "corrected": {"kind": random.choice(KINDS), "lane": random.choice((None, None, *LANES)), "domain": None},
        "lane_confirmed": {"accepted_at": random.choice((None, (moment - timedelta(days=2)).isoformat()))},
    }  # fmt: skip
    return told.get(type_, {})
