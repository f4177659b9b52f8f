"""What people read on the pages of cases and lists: words, order, groups, colours."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from casework.calendar import VIETNAM
from casework.counting import end_of
from casework.dossiers import Transition
from casework.feedback import FeedbackEvent
from desk.store import queries
from desk.web import ioc, words
from desk.web.handling import forms_for, proposed_agency
from tests.support.desk import NOON, TestDesk, opened
from tests.support.rules import rules

DAY = timedelta(days=1)
pytestmark = pytest.mark.databases
CSS = Path(queries.__file__).parent.parent / "static" / "desk.css"


def dossier(desk: TestDesk, code: str, due_in: int, alert: str | None, *more: Transition, received: int = -12) -> None:
    due = end_of((NOON + due_in * DAY).date())
    first = Transition(at=NOON + received * DAY, status=2, due_at=due, agency="LG.SYT", source="/test")
    desk.feed.dossier(code, first, *more, alert=alert)


@pytest.mark.parametrize(
    ("feedback_id", "name"),
    [
        ("1a2b3c4d-5e6f-4a1b-8c9d-000000000000", "PA-1A2B3C4D"),
        ("PA-1", "PA-1"),
        ("DEMO-7-000001", "PA-DEMO-7-000001"),
    ],
)
def test_a_case_is_named_once_and_apart_from_others(feedback_id: str, name: str) -> None:
    assert words.case_name(feedback_id) == name


@pytest.mark.parametrize(
    ("by", "name"),
    [
        ("operator:operator", "Trực tiếp nhận"),
        ("operator:tong-dai-1", "Trực tiếp nhận (tong-dai-1)"),
        ("system/classify", "Hệ thống tự động"),
    ],
)
def test_who_acted_is_told_in_vietnamese(by: str, name: str) -> None:
    assert words.person(by) == name


@pytest.mark.parametrize("role", ["operator", "handler", "supervisor", "inspector"])
async def test_no_page_calls_a_role_by_its_code(desk: TestDesk, role: str) -> None:
    page = await desk.ask(role, "GET", "/theo-doi")
    assert f"<span>{words.ROLES[role]}</span>" in page.text
    assert f">{role}<" not in page.text


async def test_the_worklist_starts_with_what_must_be_done_this_morning(desk: TestDesk) -> None:
    dossier(desk, "H99.11-260801-0002", -2, "overdue")
    dossier(desk, "H99.11-260801-0003", 1, "apology_due")
    dossier(desk, "H99.11-260801-0004", 0, "due_soon")
    dossier(desk, "H99.11-260801-0005", 2, "due_soon")
    page = (await desk.ask("supervisor", "GET", "/theo-doi")).text
    headings = [page.index(f'<h2 id="g-{group}"') for group in ("apology_due", "due_today", "overdue", "due_soon")]
    assert headings == sorted(headings)
    assert "Đến hạn hôm nay<strong>1</strong>" in page
    assert "Sắp đến hạn<strong>1</strong>" in page


def test_many_overdue_dossiers_hide_no_apology(desk: TestDesk) -> None:
    for number in range(4):
        dossier(desk, f"H99.11-260801-001{number}", -2, "overdue")
    dossier(desk, "H99.11-260801-0003", 1, "apology_due")
    with desk.desk.engine.connect() as connection:
        found = queries.watched_dossiers(connection, {}, None, 2)
    assert [row["alert"] for row in found] == ["overdue", "overdue", "apology_due"]


async def test_urgent_feedback_comes_before_what_is_due_earlier(desk: TestDesk) -> None:
    desk.feed.feedback("calm", opened("calm", NOON - 2 * DAY, area="Xã A"))
    desk.feed.feedback("hot", opened("hot", urgency="urgent", area="Xã B"))
    page = (await desk.ask("supervisor", "GET", "/theo-doi")).text
    assert page.index("/tiep-nhan/hot") < page.index("/tiep-nhan/calm")


async def test_a_dossier_that_ended_shows_both_dates_and_both_standings(desk: TestDesk) -> None:
    moved = Transition(at=NOON - 8 * DAY, status=4, due_at=end_of((NOON - 3 * DAY).date()))
    done = Transition(at=NOON - 4 * DAY, status=9)
    dossier(desk, "H99.11-260902-0009", -6, None, moved, done, Transition(at=NOON, status=4))
    page = (await desk.ask("supervisor", "GET", "/theo-doi/H99.11-260902-0009")).text
    for words_ in (
        "<dd>8/9/2026</dd>",
        "<dd>11/9/2026</dd>",
        'class="standing early">Trước hạn',
        'class="standing late">Quá hạn',
        "Dấu hiệu sai quy trình</h2>",
        "Bất thường dữ liệu</h2>",
        "Ngày hẹn trả bị đổi",
    ):
        assert words_ in page


async def test_the_timeline_tells_running_from_waiting(desk: TestDesk) -> None:
    dossier(desk, "H99.11-260902-0010", 5, None, Transition(at=NOON - 11 * DAY, status=5))
    page = (await desk.ask("supervisor", "GET", "/theo-doi/H99.11-260902-0010")).text
    assert page.index('<li class="running">') < page.index('<li class="stopped">')
    assert "đang tạm dừng tính" in page


async def test_the_agency_of_the_domain_is_chosen_until_another_has_the_case(desk: TestDesk) -> None:
    desk.feed.feedback("p", opened("p", domain="health"))
    assigned = FeedbackEvent(id="a", type="assigned", at=NOON, agency="LG.SXD")
    desk.feed.feedback("q", opened("q", domain="health"), assigned)
    for feedback_id, code in (("p", "LG.SYT"), ("q", "LG.SXD")):
        page = (await desk.ask("operator", "GET", f"/tiep-nhan/{feedback_id}")).text
        assert f'<option value="{code}" selected>' in page


async def test_no_agency_is_proposed_for_a_denunciation(desk: TestDesk) -> None:
    desk.feed.feedback("r", opened("r", lane="to_cao", domain="health"), text="Kín", lane="restricted")
    page = (await desk.ask("inspector", "GET", "/don-thu/r")).text
    assert '<option value="LG.SYT">' in page
    assert "Đề xuất" not in page


def test_where_no_agency_has_the_domain_the_commune_is_proposed() -> None:
    assert proposed_agency(rules().agencies, None, "Ủy ban nhân dân xã Thạch Bồng") == "LG.X01"
    assert proposed_agency(rules().agencies, None, "ở đâu đó") is None


def test_only_what_fits_the_stage_is_offered_the_next_step_first(desk: TestDesk) -> None:
    desk.feed.feedback("p", opened("p"), FeedbackEvent(id="a", type="answered", at=NOON))
    desk.feed.feedback("q", opened("q"))
    with desk.desk.engine.connect() as connection:
        answered, new = (queries.feedback_case(connection, one) for one in "pq")
    assert answered is not None
    assert new is not None
    assert forms_for("supervisor", answered, restricted=False) == ["published", "reopened"]
    assert forms_for("operator", new, restricted=False)[0] == "assigned"
    assert "published" not in forms_for("supervisor", new, restricted=False)


def test_the_walls_colours_say_late_due_and_nothing_to_do() -> None:
    css = CSS.read_text(encoding="utf-8")
    assert "--orange: #e69f00; --red: #d55e00; --green: #009e73" in css
    for rule in (
        ".numbers .urgent, .numbers .late { color: var(--red); }",
        ".numbers .today { color: var(--orange); }",
        ".wall .none { color: var(--green) !important; }",
    ):
        assert rule in css


def test_the_wall_names_its_day(desk: TestDesk) -> None:
    desk.now = datetime(2026, 9, 14, 18, 0, tzinfo=VIETNAM)
    assert ioc.snapshot(desk.desk)["day"] == "thứ Hai 14/9/2026"
