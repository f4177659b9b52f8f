"""Pages, sessions, the wall's event stream and the probes."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from prometheus_client import generate_latest

from casework.dossiers import Transition
from casework.feedback import FeedbackEvent
from desk.store.tables import rebuild
from desk.web import ioc
from desk.web.pages import day_text, marked, moment_text
from streams.codec import Text, encode_text, text_key
from tests.support.desk import NOON, TOKENS, TOPICS, TestDesk, opened

DEMO = "/langnghe/demo"
RIBBON = "DỮ LIỆU TRÌNH DIỄN"
pytestmark = pytest.mark.databases


class Outside(HTMLParser):
    """Collects addresses that a page would fetch from elsewhere, and inline code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if (name in ("src", "href") and (value or "").startswith(("http", "//"))) or name.startswith("on"):
                self.found.append(f"{tag} {name}")
            if name == "style":
                self.found.append(f"{tag} style")


@pytest.fixture
def filled(desk: TestDesk) -> TestDesk:
    desk.feed.feedback("p", opened("p", urgency="urgent", source=DEMO), text="Cống <b>tràn</b> trước chợ")
    received, due = NOON - timedelta(days=30), NOON - timedelta(days=9)
    late = Transition(at=received, status=2, due_at=due, agency="LG.SYT", source="/test")
    desk.feed.dossier("H99.11-260801-0002", late, alert="overdue")
    desk.feed.fresh(NOON)
    return desk


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("operator", "/tiep-nhan"),
        ("operator", "/tiep-nhan/p"),
        ("source", "/docs"),
        ("handler", "/tiep-nhan/p"),
        ("supervisor", "/theo-doi"),
        ("supervisor", "/theo-doi/H99.11-260801-0002"),
        ("wall", "/giam-sat"),
        ("inspector", "/don-thu"),
        ("admin", "/chat-luong-phan-loai"),
        (None, "/dang-nhap"),
        (None, "/docs"),
    ],
)
async def test_every_page_opens_without_anything_from_elsewhere(filled: TestDesk, role: str | None, path: str) -> None:
    answer = await filled.ask(role, "GET", path)
    outside = Outside()
    outside.feed(answer.text)
    assert answer.status_code == 200
    assert outside.found == []
    assert "default-src 'self'" in answer.headers["content-security-policy"]


async def test_what_each_way_of_the_api_is_for_is_told_in_vietnamese(filled: TestDesk) -> None:
    paths = (await filled.ask(None, "GET", "/openapi.json")).json()["paths"]
    told = [one["description"] for path, ways in paths.items() if path.startswith("/api/") for one in ways.values()]
    page = (await filled.ask(None, "GET", "/docs")).text
    assert len(told) == 9
    assert all(re.search("[ạảấầẩậắằẵặẹẻẽếềểễệịọỏốồổỗộớờởợụủứừửữựỳỵỷỹđ]", one) and one in page for one in told)


async def test_text_of_citizens_is_escaped(filled: TestDesk) -> None:
    answer = await filled.ask("operator", "GET", "/tiep-nhan/p")
    assert "Cống &lt;b&gt;tràn" in answer.text


async def test_what_another_source_sent_under_the_same_id_is_read_below_the_first_and_an_equal_text_once(
    filled: TestDesk,
) -> None:
    first, *others = (opened("q", NOON + timedelta(hours=hour), id=f"o{hour}", source=f"/{hour}") for hour in range(3))
    filled.feed.feedback("q", first, *others, text="Cống tràn trước chợ")
    texts = [Text(feedback_id="q", event_id=one.id, text=said, at=one.at, opens=True)
             for one, said in zip(others, ("Cống tràn trước chợ", "Đèn đường hỏng"), strict=True)]  # fmt: skip
    note = Text(feedback_id="q", event_id="soon", text="Lời của một việc mà trạng thái chưa có", at=NOON)
    for text in (*texts, note):
        filled.feed.put(str(TOPICS.feedback.texts), text_key("q", text.event_id).decode(), encode_text(text))
    page = (await filled.ask("operator", "GET", "/tiep-nhan/q")).text
    assert page.count("Cống tràn trước chợ") == page.count("Đèn đường hỏng") == page.count("dưới cùng mã này lúc") == 1
    assert "Nguồn khác gửi phản ánh khác dưới cùng mã này" in page
    assert note.text not in page


async def test_invented_data_carry_the_ribbon_and_real_data_do_not(filled: TestDesk) -> None:
    invented = await filled.ask("operator", "GET", "/tiep-nhan/p")
    real = await filled.ask("supervisor", "GET", "/theo-doi/H99.11-260801-0002")
    assert RIBBON in invented.text
    assert RIBBON not in real.text


async def test_the_worklist_counts_by_alert_and_filters(filled: TestDesk) -> None:
    everything = await filled.ask("supervisor", "GET", "/theo-doi")
    other = await filled.ask("supervisor", "GET", "/theo-doi?agency=LG.SXD")
    assert "H99.11-260801-0002" in everything.text
    assert "H99.11-260801-0002" not in other.text


@pytest.mark.parametrize("role", ["wall", "source", "admin"])
async def test_the_worklist_is_for_those_who_work(filled: TestDesk, role: str) -> None:
    assert (await filled.ask(role, "GET", "/theo-doi")).status_code == 403


async def test_a_pasted_token_opens_a_session_that_scripts_cannot_read(desk: TestDesk) -> None:
    async with desk.client() as client:
        answer = await client.post("/dang-nhap", data={"token": TOKENS["operator"]})
        page = await client.get("/tiep-nhan")
        await client.post("/dang-xuat")
        after = await client.get("/tiep-nhan")
    cookie = answer.headers["set-cookie"].lower()
    assert answer.headers["location"] == "/tiep-nhan"
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert page.status_code == 200
    assert after.headers["location"] == "/dang-nhap?tiep=/tiep-nhan"


async def test_a_session_ends_with_its_hours(desk: TestDesk) -> None:
    async with desk.client() as client:
        await client.post("/dang-nhap", data={"token": TOKENS["operator"]})
        desk.now += timedelta(hours=desk.settings.session_hours, seconds=1)
        answer = await client.get("/tiep-nhan")
    assert answer.status_code == 303


async def test_a_wrong_token_is_refused_and_no_link_leads_elsewhere(desk: TestDesk) -> None:
    wrong = await desk.ask(None, "POST", "/dang-nhap", data={"token": "x"})
    away = await desk.ask(None, "POST", "/dang-nhap", data={"token": TOKENS["wall"], "tiep": "//evil.example"})
    assert wrong.status_code == 401
    assert away.headers["location"] == "/giam-sat"


@pytest.mark.parametrize(
    ("role", "target"),
    [
        ("operator", "/tiep-nhan"),
        ("handler", "/theo-doi"),
        ("supervisor", "/theo-doi"),
        ("inspector", "/don-thu"),
        ("wall", "/giam-sat"),
    ],
)
async def test_the_root_leads_to_the_page_of_the_role(desk: TestDesk, role: str, target: str) -> None:
    assert (await desk.ask(role, "GET", "/")).headers["location"] == target


def test_the_wall_shows_the_three_numbers_and_who_waits(filled: TestDesk) -> None:
    filled.now = NOON + timedelta(minutes=7)
    filled.feed.fresh(filled.now)
    found = ioc.snapshot(filled.desk)
    assert (found["urgent_untaken"], found["overdue"]) == (1, 1)
    assert found["untaken"] == [{"area": "Chưa rõ địa bàn", "minutes": 7}]
    assert (found["asof"], found["stale"], found["demo"]) == ("12:07", False, True)


def test_a_projector_that_stands_still_makes_the_wall_say_since_when(filled: TestDesk) -> None:
    filled.now = NOON + timedelta(seconds=16)
    found = ioc.snapshot(filled.desk)
    assert (found["asof"], found["stale"]) == ("12:00", True)


def test_a_silent_heartbeat_makes_the_wall_stale_though_the_projector_runs(filled: TestDesk) -> None:
    filled.feed.put(filled.settings.topics.dossier.states, "HB-2026091412", b"{}", at=NOON)
    filled.now = NOON + timedelta(minutes=4)
    filled.feed.fresh(filled.now)
    found = ioc.snapshot(filled.desk)
    assert (found["asof"], found["stale"]) == ("12:00", True)


def test_the_lamp_of_the_heartbeat_goes_out_when_one_of_its_ways_is_shut(filled: TestDesk) -> None:
    topics = filled.settings.topics
    filled.feed.put(topics.dossier.states, "HB-2026091412", b"{}", at=NOON + timedelta(minutes=4))
    filled.feed.put(topics.feedback.states, "HB-2026091412", b"{}", at=NOON)
    filled.now = NOON + timedelta(minutes=3)
    assert ioc.snapshot(filled.desk)["beat"] == {"lit": True, "at": "12:00"}
    filled.now = NOON + timedelta(minutes=4)
    assert ioc.snapshot(filled.desk)["beat"] == {"lit": False, "at": "12:00"}


def test_before_the_first_heartbeat_the_lamp_is_out(filled: TestDesk) -> None:
    assert ioc.snapshot(filled.desk)["beat"] == {"lit": False, "at": None}


def test_an_empty_read_model_is_stale_and_not_a_green_zero(desk: TestDesk) -> None:
    rebuild(desk.feed.engine)
    found = ioc.snapshot(desk.desk)
    assert (found["asof"], found["stale"]) == (None, True)


async def test_the_event_stream_starts_with_a_snapshot_and_tells_changes(filled: TestDesk) -> None:
    live = filled.desk.live
    await live.look()
    events = live.events()
    first = await anext(events)
    filled.feed.feedback("q", opened("q", urgency="urgent"))
    await live.look()
    second = await anext(events)
    await events.aclose()
    assert first.startswith("retry: 2000\n\nevent: snapshot\ndata: {")
    assert '"urgent_untaken": 1' in first
    assert '"urgent_untaken": 2' in second


async def test_the_restricted_lane_changes_nothing_on_the_stream(filled: TestDesk) -> None:
    before = ioc.snapshot(filled.desk)
    filled.feed.feedback("r", opened("r", lane="to_cao", urgency="urgent"), text="Kín", lane="restricted")
    assert ioc.snapshot(filled.desk) == before


async def test_readiness_names_what_it_waits_for(desk: TestDesk) -> None:
    rebuild(desk.feed.engine)
    before = await desk.ask(None, "GET", "/readyz")
    desk.feed.fresh(NOON)
    after = await desk.ask(None, "GET", "/readyz")
    assert (before.status_code, before.json()["waiting_for"]) == (503, ["read_model"])
    assert after.status_code == 200


async def test_failures_of_an_api_route_are_0_before_the_first_for_prometheus_sees_no_first_one(desk: TestDesk) -> None:
    labels = {"route": "/api/v1/feedback/{feedback_id}/events", "status": "5xx"}
    assert desk.desk.metrics.registry.get_sample_value("langnghe_web_requests_total", labels) == 0


async def test_metrics_name_routes_and_never_cases(filled: TestDesk) -> None:
    await filled.ask("operator", "GET", "/api/v1/feedback/p")
    text = (await filled.ask(None, "GET", "/metrics")).text
    assert 'route="/api/v1/feedback/{feedback_id}"' in text
    assert "restricted" not in text


async def test_the_inspectors_work_shows_in_no_metric(filled: TestDesk) -> None:
    filled.feed.feedback("r", opened("r", lane="to_cao"), text="Kín", lane="restricted")
    registry = filled.desk.metrics.registry
    await filled.ask("inspector", "GET", "/don-thu")
    await filled.ask("inspector", "GET", "/don-thu/r")
    await filled.ask("inspector", "POST", "/api/v1/feedback/r/events", json={"type": "feedback.accepted"})
    assert "don-thu" not in generate_latest(registry).decode()
    assert registry.get_sample_value("langnghe_web_posts_total", {"kind": "decision", "result": "accepted"}) == 0


async def test_a_page_of_another_site_cannot_act_with_a_session(desk: TestDesk) -> None:
    async with desk.client() as client:
        await client.post("/dang-nhap", data={"token": TOKENS["operator"]})
        body = {"text": "Đường ngập", "channel": "hotline"}
        foreign = await client.post("/api/v1/feedback", json=body, headers={"Origin": "https://other.example"})
        own = await client.post("/api/v1/feedback", json=body, headers={"Origin": "http://desk"})
    assert (foreign.status_code, own.status_code) == (403, 202)


async def test_open_feedback_is_listed_for_its_agency_with_the_due_moment_of_its_step(filled: TestDesk) -> None:
    assigned = FeedbackEvent(id="a-assigned", type="assigned", at=NOON, agency="LG.SYT")
    filled.feed.feedback("own-case", opened("own-case"), assigned)
    token = filled.account_token("h1", "handler", "LG.SYT")
    async with filled.client(token) as client:
        page = await client.get("/theo-doi")
    assert "/tiep-nhan/own-case" in page.text
    assert 'href="/tiep-nhan/p"' not in page.text
    assert "thứ Năm 17/9/2026" in page.text


async def test_an_administrator_makes_accounts(desk: TestDesk) -> None:
    body = {"id": "xu-ly-1", "role": "handler", "agency": "Sở Y tế"}
    answer = await desk.ask("admin", "POST", "/api/v1/accounts", json=body)
    refused = await desk.ask("admin", "POST", "/api/v1/accounts", json={"id": "x", "role": "king"})
    async with desk.client(answer.json()["token"]) as client:
        page: httpx.Response = await client.get("/theo-doi")
    assert (answer.status_code, answer.json()["agency"], page.status_code) == (201, "LG.SYT", 200)
    assert refused.json()["errors"][0]["field"] == "role"


@pytest.mark.parametrize(
    ("spans", "pieces"),
    [
        ([], [("abcdef", False)]),
        ([(1, 3)], [("a", False), ("bc", True), ("def", False)]),
        ([(1, 4), (2, 6)], [("a", False), ("bcd", True), ("ef", True)]),
    ],
)
def test_reasons_are_marked_in_the_text(spans: list[tuple[int, int]], pieces: list[Any]) -> None:
    assert marked("abcdef", spans) == pieces


def test_moments_are_told_in_vietnam_time() -> None:
    assert moment_text(NOON) == "12:00 ngày 14/9/2026"
    assert day_text("2026-09-14T20:00:00+00:00") == "15/9/2026"
