"""What people see of the clock on pages and in the API: duties, desks, what comes next, who took over whose work."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from casework.calendar import VIETNAM
from casework.counting import end_of
from casework.dossiers import ListedSupplement, Transition
from casework.feedback import FeedbackEvent
from casework.labels import DUTIES
from casework.rules import Settings
from desk.store import queries
from desk.web import ioc
from tests.support.desk import NOON, TestDesk, opened
from tests.support.rules import rules

pytestmark = pytest.mark.databases
CODE = "H99.12-260904-0001"
WAITING = "H99.12-260810-0002"
ONLINE = "H99.12-260910-0003"
DAY = timedelta(days=1)


def at(day: int, hour: int = 9, month: int = 9) -> datetime:
    """In 2026; NOON is Monday 14/9, 12:00."""
    return datetime(2026, month, day, hour, tzinfo=VIETNAM)


def due(day: int, month: int = 9) -> datetime:
    return end_of(at(day, month=month).date())


def fill_duties(desk: TestDesk) -> None:
    """One dossier of each duty: with two agencies, waiting since 12/8, registered online on 10/9."""
    received = Transition(at=at(4), status=2, due_at=due(25), agency="LG.SYT", source="/test")
    desk.feed.dossier(
        CODE, received, Transition(at=at(7), status=4, agency="LG.SXD", step_due_at=due(9)), duty="step_overdue"
    )
    asked = Transition(at=at(12, month=8), status=5)
    first = Transition(at=at(10, month=8), status=2, due_at=due(28, 8), agency="LG.SYT")
    desk.feed.dossier(WAITING, first, asked, duty="closing_due")
    desk.feed.dossier(ONLINE, Transition(at=at(10), status=1, channel="2", agency="LG.SYT"), duty="intake_overdue")


@pytest.fixture
def filled(desk: TestDesk) -> TestDesk:
    fill_duties(desk)
    return desk


async def page(desk: TestDesk, path: str, role: str = "supervisor") -> str:
    answer = await desk.ask(role, "GET", path)
    assert answer.status_code == 200
    return answer.text


async def test_the_worklist_has_a_group_for_what_must_be_done_beside_the_due_date(filled: TestDesk) -> None:
    text = await page(filled, "/theo-doi")
    assert '<h2 id="g-duties" class="owed">Việc phải làm</h2>' in text
    for duty, code in (("step_overdue", CODE), ("closing_due", WAITING), ("intake_overdue", ONLINE)):
        assert f"{DUTIES[duty]}<strong>1</strong>" in text
        assert text.index(f'<h3 id="g-{duty}">') < text.index(f"/theo-doi/{code}")


async def test_a_duty_is_chosen_by_the_address_and_counts_stay_what_there_is(filled: TestDesk) -> None:
    filled.feed.feedback("p", opened("p"))
    text = await page(filled, "/theo-doi?duty=closing_due")
    assert f"/theo-doi/{WAITING}" in text
    assert f"/theo-doi/{ONLINE}" not in text
    assert 'href="/tiep-nhan/p"' not in text
    assert f"{DUTIES['intake_overdue']}<strong>1</strong>" in text
    assert '<option value="closing_due" selected>' in text
    assert (await filled.ask("supervisor", "GET", "/theo-doi?duty=lunch")).status_code == 400


async def test_duties_obey_the_filter_of_agencies(filled: TestDesk) -> None:
    text = await page(filled, "/theo-doi?agency=LG.SXD")
    assert f"/theo-doi/{CODE}" in text
    assert f"/theo-doi/{WAITING}" not in text
    assert f"{DUTIES['closing_due']}<strong>0</strong>" in text


async def test_a_handler_sees_duties_of_the_own_agency_only(filled: TestDesk) -> None:
    token = filled.account_token("h1", "handler", "LG.SXD")
    async with filled.client(token) as client:
        text = (await client.get("/theo-doi")).text
        others = (await client.get(f"/theo-doi/{WAITING}")).status_code
    assert f"/theo-doi/{CODE}" in text
    assert f"/theo-doi/{WAITING}" not in text
    assert others == 404


async def test_the_api_lists_by_duty(filled: TestDesk) -> None:
    found = (await filled.ask("supervisor", "GET", "/api/v1/dossiers?duty=intake_overdue")).json()["items"]
    assert [(item["dossier_code"], item["duty"]) for item in found] == [(ONLINE, "intake_overdue")]
    assert not {"duty_id", "alert_id", "watch", "counts"} & found[0].keys()


async def test_escalated_feedback_says_to_whom_it_was_reported(desk: TestDesk) -> None:
    desk.feed.feedback("p", opened("p", NOON - timedelta(minutes=40), urgency="urgent"), climbed="leader")
    assert '<span class="escalation">Đã báo lãnh đạo trực</span>' in await page(desk, "/theo-doi")
    case = await page(desk, "/tiep-nhan/p", "operator")
    assert '<p class="escalation">Đã báo lãnh đạo trực</p>' in case
    assert "chưa có đơn vị nhận từ 11:20 thứ Hai 14/9/2026" in case
    assert "báo Trung tâm Giám sát và Điều hành (IOC) nếu chưa có đơn vị nhận" in case


async def test_duties_and_escalation_change_no_figure_of_the_wall(desk: TestDesk) -> None:
    names = ("urgent_untaken", "due_today", "overdue")
    desk.feed.feedback("p", opened("p", NOON - timedelta(minutes=40), urgency="urgent"))
    before = [ioc.snapshot(desk.desk)[name] for name in names]
    fill_duties(desk)
    desk.feed.feedback("p", opened("p", NOON - timedelta(minutes=40), urgency="urgent"), climbed="leader")
    assert [ioc.snapshot(desk.desk)[name] for name in names] == before


async def test_a_dossier_page_says_what_must_be_done_and_by_when_it_was_due(filled: TestDesk) -> None:
    words = "Việc phải làm: đơn vị đang giữ đã quá hạn bước của mình (hạn thứ Tư 9/9/2026)"
    assert words in await page(filled, f"/theo-doi/{CODE}")
    assert "Việc phải làm: đến lúc kết thúc hồ sơ vì không bổ sung (hạn" in await page(filled, f"/theo-doi/{WAITING}")
    online = await page(filled, f"/theo-doi/{ONLINE}")
    assert "Chưa tiếp nhận: hạn 09:00 thứ Sáu 11/9/2026, quá hạn 1 ngày làm việc" in online


async def test_a_dossier_page_shows_its_desks_and_what_comes_next(filled: TestDesk) -> None:
    text = await page(filled, f"/theo-doi/{CODE}")
    assert '<li class="tone overdue">Đang giữ: Sở Xây dựng, từ 09:00 thứ Hai 7/9/2026' in text
    assert "Mốc tiếp theo: 07:00 thứ Ba 22/9/2026" in text
    assert '<details id="coming"><summary>Các mốc sau đó</summary>' in text


async def test_a_dossier_page_shows_intake_promise_and_the_sources_list_of_supplements(desk: TestDesk) -> None:
    under = rules(Settings(committed_cut=30))
    code = next(code for code, one in under.procedures.items() if one.limit and one.limit.amount == 10)
    listed = ListedSupplement("2026-09-07T10:00:00+07:00", "", "2026-09-18T00:00:00+07:00", "")
    promising = TestDesk(desk.folder, url=desk.url, rules=under)
    registered = Transition(at=at(3), status=1, channel="2", procedure_code=code)
    promising.feed.dossier(CODE, registered, Transition(at=at(4), status=2, agency="LG.SYT", listed=(listed,)))
    text = await page(promising, f"/theo-doi/{CODE}")
    promising.close()
    assert "<dt>Tiếp nhận trực tuyến</dt><dd>hạn 09:00 thứ Sáu 4/9/2026, xong đúng hạn</dd>" in text
    assert "<dt>Tỉnh cam kết</dt><dd>15/9/2026</dd>" in text
    assert "<td>10:00 ngày 7/9/2026</td><td>—</td><td>18/9/2026</td><td>—</td>" in text


async def test_long_explanations_stay_folded(desk: TestDesk) -> None:
    code = next(code for code, one in rules().procedures.items() if one.limit and one.limit.amount == 10)
    desk.feed.dossier(CODE, Transition(at=at(4), status=2, agency="LG.SYT", procedure_code=code))
    text = await page(desk, f"/theo-doi/{CODE}")
    first, _, rest = text.partition("Cách tính</summary>")
    assert "cuối tuần" not in first.partition('<h2 id="steps-title">')[2]
    assert "cuối tuần" in rest.partition("</details>")[0]


async def test_an_agency_that_is_no_more_is_named_with_its_heir(desk: TestDesk) -> None:
    old = Transition(at=at(4), status=2, due_at=due(10), agency="LG.STNMT", source="/test")
    desk.feed.dossier(CODE, old, alert="overdue")
    words = "Sở Tài nguyên và Môi trường (nay là Sở Nông nghiệp và Môi trường)"
    for path in (f"/theo-doi/{CODE}", "/theo-doi"):
        assert words in await page(desk, path)


async def test_an_agency_is_named_alone_until_its_last_day(desk: TestDesk) -> None:
    desk.now = datetime(2025, 2, 28, 12, tzinfo=VIETNAM)
    assert desk.desk.pages.agency_text("LG.STNMT") == "Sở Tài nguyên và Môi trường"
    desk.now += DAY
    assert desk.desk.pages.agency_text("LG.STNMT").endswith("(nay là Sở Nông nghiệp và Môi trường)")
    assert desk.desk.pages.agency_text(None) == "Chưa giao"


async def test_the_api_shows_the_clock_of_a_dossier_without_internal_ids(filled: TestDesk) -> None:
    found: dict[str, Any] = (await filled.ask("supervisor", "GET", f"/api/v1/dossiers/{CODE}")).json()
    assert [(one["agency"], one["until"] is None) for one in found["holders"]] == [("LG.SYT", False), ("LG.SXD", True)]
    assert (found["duty"], found["committed_due"], found["intake_due_at"]) == ("step_overdue", None, None)
    assert [step["span"] for step in found["history"]] == ["đang tính 1 ngày làm việc", ""]
    assert found["history"][0]["notes"]
    assert found["next"][0].startswith("Mốc tiếp theo: 07:00 thứ Ba 22/9/2026")
    assert not {"watch", "counts", "alert_id", "duty_id"} & found.keys()


async def test_the_api_shows_the_clock_of_feedback_without_internal_ids(desk: TestDesk) -> None:
    assigned = FeedbackEvent(id="a", type="assigned", at=NOON, agency="LG.SYT")
    rated = FeedbackEvent(id="r", type="rated", at=NOON + DAY, rating="like")
    desk.feed.feedback("p", opened("p", NOON - DAY, agency="LG.IOC"), assigned, rated)
    found: dict[str, Any] = (await desk.ask("operator", "GET", "/api/v1/feedback/p")).json()
    assert [one["agency"] for one in found["holders"]] == ["LG.IOC", "LG.SYT"]
    assert found["ratings"] == {"like": 1, "dislike": 0, "neutral": 0}
    assert [step["type"] for step in found["timeline"]] == ["opened", "assigned", "rated"]
    assert found["timeline"][1]["text"] == "Giao đơn vị: Sở Y tế"
    assert found["next"][0].startswith("Mốc tiếp theo: ")
    assert found["recurrence_of"] is None
    assert not {"watch", "counts", "alert_id", "escalation_id"} & found.keys()


async def test_the_case_page_tells_time_at_each_agency_and_what_was_done(desk: TestDesk) -> None:
    events = (
        FeedbackEvent(id="a", type="assigned", at=at(7), agency="LG.SXD"),
        FeedbackEvent(id="b", type="assigned", at=at(9), agency="LG.SYT"),
        FeedbackEvent(id="c", type="urged", at=at(10), document_number="12/VP"),
        FeedbackEvent(id="d", type="directed", at=at(11), until=due(16)),
    )
    desk.feed.feedback("p", opened("p", at(7, 8), agency="LG.IOC"), *events)
    text = await page(desk, "/tiep-nhan/p", "operator")
    for words in (
        "Đã chờ 5 ngày làm việc kể từ khi gửi, qua 2 đơn vị",
        "Sở Xây dựng 2 ngày làm việc; Sở Y tế đang giữ từ 9/9/2026",
        "Đã đôn đốc 1 lần, lần cuối 10/9/2026 (văn bản số 12/VP)",
        "Chỉ đạo hoàn thành trước thứ Tư 16/9/2026",
        "<strong>Giao đơn vị: Sở Y tế</strong>",
    ):
        assert words in text


async def test_the_inspectors_page_has_the_clock_too_and_no_recurrence(desk: TestDesk) -> None:
    place = (10.12, 106.35)
    desk.feed.feedback("old", opened("old", at(4), place=place), FeedbackEvent(id="x", type="answered", at=at(7)))
    desk.feed.feedback("r", opened("r", at(9), lane="to_cao", place=place), text="Kín", lane="restricted")
    text = await page(desk, "/don-thu/r", "inspector")
    assert "Mốc tiếp theo: " in text
    assert "Tái diễn" not in text
    assert (await desk.ask("inspector", "GET", "/api/v1/feedback/r")).json()["recurrence_of"] is None


@pytest.mark.parametrize("path", ["/theo-doi", f"/theo-doi/{CODE}", f"/theo-doi/{WAITING}", f"/theo-doi/{ONLINE}"])
async def test_pages_of_the_clock_have_one_heading_and_no_id_twice(filled: TestDesk, path: str) -> None:
    text = await page(filled, path)
    ids = [part.partition('"')[0] for part in text.split(' id="')[1:]]
    assert text.count("<h1") == 1
    assert sorted(ids) == sorted(set(ids))


async def test_every_process_can_be_asked_for_its_rules(desk: TestDesk) -> None:
    text = (await desk.ask(None, "GET", "/metrics")).text
    assert f'langnghe_rules_info{{hash="{desk.rules.hash}"}} 1.0' in text


def test_the_names_of_duties_are_those_of_the_law_package() -> None:
    assert set(queries.DUTIES) == set(DUTIES)
