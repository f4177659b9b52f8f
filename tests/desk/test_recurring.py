"""Whether a case repeats an earlier one, by what the read model knows; the restricted lane is never in it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from casework.calendar import VIETNAM
from casework.feedback import FeedbackEvent
from casework.rules import Settings
from desk.store import queries
from desk.store.recurring import recurs
from tests.support.desk import TestDesk, opened
from tests.support.rules import rules

PLACE = (10.12, 106.35)
WARD = "Phường Bến Lam"
pytestmark = pytest.mark.databases


def at(day: int, hour: int = 9) -> datetime:
    """In August 2026, Vietnam time; days beyond 31 are of September."""
    return datetime(2026, 8, 1, hour, tzinfo=VIETNAM) + timedelta(days=day - 1)


def event(type_: str, moment: datetime, **fields: Any) -> FeedbackEvent:
    return FeedbackEvent(id=f"{type_}-{moment:%d%H}", type=type_, at=moment, **fields)


def repeats(desk: TestDesk, feedback_id: str) -> str | None:
    with desk.desk.engine.connect() as connection:
        case = queries.feedback_case(connection, feedback_id)
        assert case is not None
        return recurs(connection, case, desk.rules)


EARLIER = {"place": PLACE, "area": WARD}


@pytest.mark.parametrize(
    ("later", "day", "found"),
    [
        pytest.param({"place": PLACE}, 20, "old", id="same place and domain"),
        pytest.param({"place": PLACE}, 40, "old", id="on the thirtieth day after the answer of 10/8"),
        pytest.param({"place": PLACE}, 41, None, id="on the thirty-first day"),
        pytest.param({"place": PLACE}, 9, None, id="before the answer"),
        pytest.param({"place": PLACE, "domain": "traffic"}, 20, None, id="another domain"),
        pytest.param({"place": (10.13, 106.35), "area": WARD}, 20, None, id="another place of the same ward"),
        pytest.param({"area": WARD}, 20, None, id="no place where the earlier one has one"),
    ],
)
def test_the_same_thing_at_the_same_place_within_thirty_days_has_come_back(
    desk: TestDesk, later: dict[str, Any], day: int, found: str | None
) -> None:
    desk.feed.feedback("old", opened("old", at(5), **EARLIER), event("answered", at(10)))
    desk.feed.feedback("new", opened("new", at(day, 15 if day != 9 else 8), **later))
    assert repeats(desk, "new") == found


def test_without_places_the_ward_decides_however_it_is_written(desk: TestDesk) -> None:
    desk.feed.feedback("old", opened("old", at(5), area=WARD), event("answered", at(10)))
    desk.feed.feedback("new", opened("new", at(20), area="phường  bến lam"))
    desk.feed.feedback("elsewhere", opened("elsewhere", at(20), area="Xã Hải Quế"))
    assert (repeats(desk, "new"), repeats(desk, "elsewhere")) == ("old", None)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        pytest.param([], None, id="still open"),
        pytest.param([event("rejected", at(10), door="khac")], None, id="rejected"),
        pytest.param([event("withdrawn", at(10))], None, id="withdrawn"),
        pytest.param([event("answered", at(8)), event("published", at(12))], None, id="published after the new one"),
        pytest.param([event("answered", at(8)), event("published", at(10))], "old", id="published before"),
        pytest.param([event("answered", at(8)), event("reopened", at(9))], None, id="reopened"),
        pytest.param(
            [event("answered", at(6)), event("reopened", at(7)), event("answered", at(9))], "old", id="answered again"
        ),
        pytest.param([event("answered", at(8)), event("answered", at(12))], "old", id="an answer said twice"),
    ],
)
def test_only_what_was_answered_can_come_back(desk: TestDesk, events: list[FeedbackEvent], found: str | None) -> None:
    desk.feed.feedback("old", opened("old", at(5), **EARLIER), *events)
    desk.feed.feedback("new", opened("new", at(11), place=PLACE))
    assert repeats(desk, "new") == found


def test_the_case_closed_last_is_named(desk: TestDesk) -> None:
    for name, day in (("first", 6), ("last", 9), ("second", 7)):
        desk.feed.feedback(name, opened(name, at(2), place=PLACE), event("answered", at(day)))
    desk.feed.feedback("new", opened("new", at(11), place=PLACE))
    assert repeats(desk, "new") == "last"


def test_a_province_sets_the_days(desk: TestDesk) -> None:
    desk.feed.feedback("old", opened("old", at(5), place=PLACE), event("answered", at(10)))
    desk.feed.feedback("new", opened("new", at(20), place=PLACE))
    with desk.desk.engine.connect() as connection:
        case = queries.feedback_case(connection, "new")
        assert case is not None
        assert recurs(connection, case, rules(Settings(recurrence_days=9))) is None
        assert recurs(connection, case, rules(Settings(recurrence_days=10))) == "old"


def test_nothing_repeats_a_case_of_the_restricted_lane(desk: TestDesk) -> None:
    hidden = opened("hidden", at(5), lane="to_cao", **EARLIER)
    desk.feed.feedback("hidden", hidden, event("answered", at(10)), lane="restricted")
    desk.feed.feedback("both", opened("both", at(5), **EARLIER), event("answered", at(10)))
    desk.feed.feedback("both", opened("both", at(5), lane="to_cao", **EARLIER), lane="restricted")
    desk.feed.feedback("left", opened("left", at(5), **EARLIER), event("answered", at(10)), event("moved", at(11)))
    desk.feed.feedback("new", opened("new", at(20), place=PLACE))
    assert repeats(desk, "new") is None


def test_a_case_of_the_restricted_lane_repeats_nothing(desk: TestDesk) -> None:
    desk.feed.feedback("old", opened("old", at(5), **EARLIER), event("answered", at(10)))
    desk.feed.feedback("hidden", opened("hidden", at(20), lane="to_cao", place=PLACE), lane="restricted")
    desk.feed.feedback("both", opened("both", at(20), place=PLACE))
    with desk.desk.engine.connect() as connection:
        hidden = queries.restricted_case(connection, queries.Inspector("i"), "hidden")
        both = queries.feedback_case(connection, "both")
    assert hidden is not None
    assert both is not None
    desk.feed.feedback("both", opened("both", at(20), lane="to_cao", place=PLACE), lane="restricted")
    with desk.desk.engine.connect() as connection:
        assert recurs(connection, hidden, desk.rules) is None
        assert recurs(connection, both, desk.rules) is None


async def test_a_case_on_its_way_to_the_inspector_is_named_no_more(desk: TestDesk) -> None:
    desk.feed.feedback("old", opened("old", at(5), **EARLIER), event("answered", at(10)), text="Rác")
    desk.feed.feedback("new", opened("new", at(20), place=PLACE), text="Lại rác")
    before = await desk.ask("operator", "GET", "/api/v1/feedback/new")
    desk.outbox.down = True
    await desk.ask("operator", "POST", "/api/v1/feedback/old/events", json={"type": "feedback.moved"})
    after = await desk.ask("operator", "GET", "/api/v1/feedback/new")
    page = await desk.ask("operator", "GET", "/tiep-nhan/new")
    assert (before.json()["recurrence_of"], after.json()["recurrence_of"]) == ("old", None)
    assert "Tái diễn" not in page.text


async def test_the_link_is_for_those_who_may_open_the_earlier_case(desk: TestDesk) -> None:
    to = {name: event("assigned", at(6), agency=name) for name in ("LG.SYT", "LG.SXD")}
    desk.feed.feedback("old", opened("old", at(5), **EARLIER), to["LG.SXD"], event("answered", at(10)))
    desk.feed.feedback("new", opened("new", at(20), place=PLACE), event("assigned", at(21), agency="LG.SYT"))
    token = desk.account_token("h1", "handler", "LG.SYT")
    async with desk.client(token) as client:
        page, case = await client.get("/tiep-nhan/new"), await client.get("/api/v1/feedback/new")
    mine = await desk.ask("operator", "GET", "/tiep-nhan/new")
    words = "Tái diễn: cùng địa điểm và lĩnh vực với"
    assert f'{words} <a href="/tiep-nhan/old">PA-old</a> trong 30 ngày' in mine.text
    assert f"{words} một phản ánh do đơn vị khác giữ trong 30 ngày" in page.text
    assert "PA-old" not in page.text
    assert case.json()["recurrence_of"] is None
