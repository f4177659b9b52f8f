"""Who sees which case: the one place where rights meet the read model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from casework.dossiers import DossierState
from casework.feedback import FeedbackState
from casework.feedback_texts import is_erased
from desk.store import queries
from desk.store.queries import Inspector
from desk.store.recurring import recurs
from desk.web.accounts import Account
from desk.web.context import Desk
from desk.web.problems import RequestError
from streams.codec import Text

DOSSIER_READERS = ("operator", "handler", "supervisor", "inspector", "admin")
FEEDBACK_READERS = ("operator", "handler", "supervisor", "inspector", "admin")
LEAVING = "phản ánh vừa được chuyển sang luồng khác nên việc này chưa được ghi; tải lại trang để xem nơi đang giữ"


@dataclass(frozen=True, slots=True)
class SeenFeedback:
    """A case of feedback that the account may see, with its texts by event id."""

    state: FeedbackState
    texts: dict[str, Text]
    restricted: bool = False

    @property
    def opening(self) -> Text | None:
        """What the citizen said, redacted: the text of the first `opened`."""
        opened = next((event.id for event in self.state.history if event.type == "opened"), None)
        return self.texts.get(opened) if opened else None

    @property
    def others(self) -> list[Text]:
        """What came from the intake under the same id and says something else, in the order in which it was sent."""
        said = {text.text: text for text in self.texts.values() if text.opens}
        first = self.opening.text if self.opening else None
        return sorted((text for words, text in said.items() if words != first), key=_sent)


def _sent(text: Text) -> float:
    return text.at.timestamp() if text.at else 0.0


@dataclass(frozen=True, slots=True)
class Withheld:
    """What a poster learns of an item without a public state: `received` or `transferred`."""

    stage: str


def inspector(account: Account) -> Inspector:
    """The key to the restricted lane. Raises RequestError 403 for every other role."""
    if account.role != "inspector":
        raise RequestError(403)
    return Inspector(account.id)


def feedback_case(desk: Desk, account: Account, feedback_id: str) -> SeenFeedback | Withheld:
    """The case, or what its poster may know. Raises RequestError 404: for others, hidden and unknown are the same."""
    if feedback_id not in desk.moves.under_way():
        return _feedback_case(desk, account, feedback_id)
    if desk.accounts.has_posted(account, "feedback", feedback_id):
        return Withheld("transferred")
    raise RequestError(404)


def to_decide_on(desk: Desk, account: Account, feedback_id: str) -> SeenFeedback:
    """The case, for a decision. Raises RequestError 404, and 409 where it was just seen and is on its way elsewhere."""
    leaving = feedback_id in desk.moves.under_way()  # first: it may be seen to have left meanwhile
    found = _feedback_case(desk, account, feedback_id)
    if not isinstance(found, SeenFeedback):
        raise RequestError(404)
    if leaving:
        raise RequestError(409, [("$", LEAVING)])
    return found


def _feedback_case(desk: Desk, account: Account, feedback_id: str) -> SeenFeedback | Withheld:
    """By the read model alone. Raises RequestError 404."""
    with desk.reading() as connection:
        if account.role == "inspector" and (hidden := _restricted(connection, account, feedback_id)):
            return hidden
        posted = desk.accounts.has_posted(account, "feedback", feedback_id)
        state = queries.feedback_case(connection, feedback_id)
        if state and (posted or _reads(desk, account, state.agency)):
            texts = {} if account.role == "admin" else queries.texts(connection, feedback_id)
            return SeenFeedback(state, _standing(state, texts))
        if posted and state is None:
            return Withheld("transferred" if queries.is_transferred(connection, feedback_id) else "received")
    raise RequestError(404)


def without_leaving(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows of feedback but for the cases of which a move is noted."""
    leaving = desk.moves.under_way()
    return [row for row in rows if row["feedback_id"] not in leaving]


@dataclass(frozen=True, slots=True)
class Repeated:
    """An earlier case that a case repeats; `visible` says whether the account may open it.

    `by_place`: at the same rounded place; else only in the same commune, for neither case has a place.
    """

    feedback_id: str
    visible: bool
    by_place: bool


def repeated(desk: Desk, account: Account, seen: SeenFeedback) -> Repeated | None:
    """What a public case repeats; never a case of the restricted lane, nor one that is on its way there."""
    if seen.restricted:
        return None
    with desk.reading() as connection:
        found = recurs(connection, seen.state, desk.settings.rules)
    if found is None or found in desk.moves.under_way():
        return None
    by_place = any(event.place for event in seen.state.history if event.type == "opened")
    return Repeated(found, visible=_may_open(desk, account, found), by_place=by_place)


def _may_open(desk: Desk, account: Account, feedback_id: str) -> bool:
    try:
        return isinstance(feedback_case(desk, account, feedback_id), SeenFeedback)
    except RequestError:
        return False


def dossier(desk: Desk, account: Account, code: str) -> DossierState:
    """Raises RequestError 404."""
    with desk.reading() as connection:
        state = queries.dossier(connection, code)
    posted = desk.accounts.has_posted(account, "dossier", code)
    if state is None or not (posted or _reads(desk, account, state.agency)):
        raise RequestError(404)
    return state


def _restricted(connection: Connection, account: Account, feedback_id: str) -> SeenFeedback | None:
    key = inspector(account)
    state = queries.restricted_case(connection, key, feedback_id)
    if state is None:
        return None
    texts = queries.restricted_case_texts(connection, key, feedback_id)
    return SeenFeedback(state, _standing(state, texts), restricted=True)


def _standing(state: FeedbackState, texts: Mapping[str, Text]) -> dict[str, Text]:
    """Without what was erased: it may have come again, until the projector takes it away."""
    return {event_id: text for event_id, text in texts.items() if not is_erased(state, event_id, text.at)}


def _reads(desk: Desk, account: Account, agency: str | None) -> bool:
    agencies = desk.below(account)
    return account.role in FEEDBACK_READERS and (agencies is None or agency in agencies)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How true the figures are: the moment they were last complete, and whether that is too long ago."""

    as_of: datetime | None
    stale: bool


def freshness(desk: Desk, found: queries.Progress, now: datetime) -> Freshness:
    """By the projector's last full look, and by the last heartbeat where there ever was one."""
    settings = desk.settings
    if found.as_of is None:
        return Freshness(None, stale=True)
    behind = (now - found.as_of).total_seconds() > settings.stale_seconds
    beat = found.heartbeat_at
    silent = beat is not None and (now - beat).total_seconds() > settings.heartbeat_stale_seconds
    as_of = min(found.as_of, beat) if silent and beat else found.as_of
    return Freshness(as_of, stale=behind or silent)
