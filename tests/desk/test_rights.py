"""Who sees and decides what; the restricted lane is the inspector's alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from casework.dossiers import Transition
from casework.feedback import FeedbackEvent
from streams.codec import Opener, decode_feedback_event, decode_text, mark, since_of
from tests.support.desk import NOON, TOPICS, TestDesk, envelope, opened

TEXT = "Nội dung chỉ thanh tra được biết"
PUBLIC = "Cống tràn trước chợ"
READERS = ("operator", "handler", "supervisor", "inspector")


def events_of(feedback_id: str) -> str:
    return f"/api/v1/feedback/{feedback_id}/events"


@pytest.fixture
def filled(desk: TestDesk) -> TestDesk:
    assigned = FeedbackEvent(id="p-assigned", type="assigned", at=NOON, agency="LG.SYT")
    desk.feed.feedback("p", opened("p", NOON - timedelta(hours=1)), assigned, text=PUBLIC)
    desk.feed.feedback("r", opened("r", lane="to_cao"), text=TEXT, lane="restricted")
    desk.feed.dossier("H99.11-260901-0001", Transition(at=NOON, status=2, agency="LG.SYT", source="/test"))
    return desk


@pytest.mark.parametrize("role", READERS)
async def test_a_public_case_shows_state_text_and_explanation(filled: TestDesk, role: str) -> None:
    answer = await filled.ask(role, "GET", "/api/v1/feedback/p")
    found = answer.json()
    assert answer.status_code == 200
    assert (found["stage"], found["agency"], found["text"]) == ("assigned", "LG.SYT", PUBLIC)
    assert found["explanation"]
    assert not {"watch", "counts"} & found.keys()


async def test_an_administrator_reads_no_text(filled: TestDesk) -> None:
    answer = await filled.ask("admin", "GET", "/api/v1/feedback/p")
    assert answer.json()["text"] is None
    assert PUBLIC not in answer.text


@pytest.mark.parametrize("role", ["operator", "handler", "supervisor", "admin", "wall", "source"])
async def test_a_restricted_case_is_as_unknown_as_one_that_is_not(filled: TestDesk, role: str) -> None:
    hidden = await filled.ask(role, "GET", "/api/v1/feedback/r")
    unknown = await filled.ask(role, "GET", "/api/v1/feedback/nothing")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content == unknown.content
    decided = [await filled.ask(role, "POST", events_of(id_), json={"type": "feedback.accepted"}) for id_ in "rx"]
    assert decided[0].status_code == decided[1].status_code
    assert decided[0].content == decided[1].content


@pytest.mark.parametrize("role", ["operator", "handler", "supervisor", "wall"])
@pytest.mark.parametrize("path", ["/tiep-nhan", "/tiep-nhan/r", "/theo-doi", "/giam-sat", "/don-thu", "/don-thu/r"])
async def test_no_page_of_another_role_holds_the_restricted_text(filled: TestDesk, role: str, path: str) -> None:
    answer = await filled.ask(role, "GET", path)
    assert TEXT not in answer.text
    if path.startswith("/don-thu"):
        assert answer.status_code == 403


async def test_the_inspector_sees_the_restricted_lane(filled: TestDesk) -> None:
    case = await filled.ask("inspector", "GET", "/api/v1/feedback/r")
    listed = await filled.ask("inspector", "GET", "/don-thu")
    page = await filled.ask("inspector", "GET", "/don-thu/r")
    assert case.json()["text"] == TEXT
    assert "/don-thu/r" in listed.text
    assert TEXT in page.text


async def test_a_poster_learns_only_that_the_item_was_transferred(desk: TestDesk) -> None:
    body = {"text": TEXT, "channel": "portal", "feedback_id": "mine"}
    await desk.ask("source", "POST", "/api/v1/feedback", json=body)
    before = await desk.ask("source", "GET", "/api/v1/feedback/mine")
    desk.feed.feedback("mine", opened("mine", lane="to_cao"), text=TEXT, lane="restricted")
    after = await desk.ask("source", "GET", "/api/v1/feedback/mine")
    stranger = await desk.ask("operator", "GET", "/api/v1/feedback/mine")
    assert before.json() == {"stage": "received"}
    assert after.json() == {"stage": "transferred"}
    assert stranger.status_code == 404


@pytest.mark.parametrize("case", ["p", "r", "posted"])
async def test_who_names_anothers_id_is_refused_and_told_nothing_of_it(filled: TestDesk, case: str) -> None:
    """Whether it stands in the public lane or in the restricted one; the text would take the place of the other's."""
    other = filled.account_token("s2", "source", None)
    async with filled.client(other) as client:
        await client.post("/api/v1/feedback", json={"text": "y", "channel": "portal", "feedback_id": "posted"})
    sent = len(filled.outbox.sent)
    body = {"text": "x", "channel": "portal", "feedback_id": case}
    one = await filled.ask("source", "POST", "/api/v1/feedback", json=body)
    many = await filled.ask("source", "POST", "/api/v1/feedback", json=[body, body | {"feedback_id": "new"}])
    read = await filled.ask("source", "GET", f"/api/v1/feedback/{case}")
    assert (one.status_code, [line["status"] for line in many.json()], read.status_code) == (409, [409, 202], 404)
    assert one.json()["errors"][0]["field"] == "feedback_id"
    assert len(filled.outbox.sent) == sent + 1


async def test_a_source_may_send_its_own_id_again(desk: TestDesk) -> None:
    body = {"text": "x", "channel": "portal", "feedback_id": "mine"}
    desk.outbox.down = True
    failed = await desk.ask("source", "POST", "/api/v1/feedback", json=body)
    desk.outbox.down = False
    again = [await desk.ask("source", "POST", "/api/v1/feedback", json=body) for _ in range(2)]
    assert [answer.status_code for answer in (failed, *again)] == [503, 202, 202]


async def test_a_person_cannot_try_which_ids_are_known(filled: TestDesk) -> None:
    body = {"text": "x", "channel": "portal"}
    tried = [await filled.ask("operator", "POST", "/api/v1/feedback", json=body | {"feedback_id": case})
             for case in ("r", "unknown")]  # fmt: skip
    assert [answer.status_code for answer in tried] == [400, 400]
    assert tried[0].text == tried[1].text


async def test_a_handler_sees_the_own_agency_and_a_supervisor_those_below(filled: TestDesk) -> None:
    tokens = {
        "own": filled.account_token("h1", "handler", "LG.SYT"),
        "other": filled.account_token("h2", "handler", "LG.SXD"),
        "above": filled.account_token("s1", "supervisor", "LG"),
    }
    seen = {}
    for name, token in tokens.items():
        async with filled.client(token) as client:
            case = await client.get("/api/v1/feedback/p")
            dossiers = await client.get("/api/v1/dossiers")
        seen[name] = (case.status_code, len(dossiers.json()["items"]))
    assert seen == {"own": (200, 1), "other": (404, 0), "above": (200, 1)}


ALLOWED = {
    "operator": {"accepted", "assigned", "corrected", "info_requested", "rejected", "moved"},
    "handler": {"accepted", "info_requested", "answered", "returned"},
    "supervisor": {"extended", "published", "urged", "directed"},
    "inspector": set(),
    "wall": set(),
    "source": set(),
    "admin": {"erased"},
}
FIELDS = {
    "assigned": {"agency": "LG.SXD"},
    "corrected": {"domain": "traffic"},
    "info_requested": {"text": "Ở đoạn nào?"},
    "answered": {"text": "Đã sửa xong"},
    "rejected": {"door": "tiep_cong_dan"},
    "returned": {"reason": "not_ours"},
    "extended": {"until": "2026-10-30"},
    "directed": {"until": "2026-10-30"},
}


@pytest.mark.parametrize("role", ALLOWED)
async def test_each_role_decides_what_design_gives_it_and_nothing_else(filled: TestDesk, role: str) -> None:
    for decision in sorted(set().union(*ALLOWED.values()) - {"moved"}):
        body = {"type": f"feedback.{decision}"} | FIELDS.get(decision, {})
        answer = await filled.ask(role, "POST", events_of("p"), json=body)
        assert answer.status_code == (202 if decision in ALLOWED[role] else 403), decision


async def test_an_answer_sends_its_text_apart_and_before_the_event(filled: TestDesk) -> None:
    body = {"type": "feedback.answered", "text": "Liên hệ 0900 000 001 để được hướng dẫn"}
    answer = await filled.ask("handler", "POST", events_of("p"), json=body)
    text, event = filled.outbox.sent
    record = decode_text(text.value or b"")
    assert (text.topic, event.topic) == (TOPICS.feedback.texts, TOPICS.feedback.events)
    assert text.key == f"p/{answer.json()['event_id']}".encode()
    assert "0900" not in record.text
    assert b"0900" in Opener.of(filled.private_key).open(record.sealed or {})
    assert "text" not in envelope(event)["data"]
    assert envelope(event)["data"]["by"] == "handler:handler"


@pytest.mark.parametrize(
    ("role", "body", "field"),
    [
        ("handler", {"type": "feedback.answered"}, "text"),
        ("operator", {"type": "feedback.assigned"}, "agency"),
        ("operator", {"type": "feedback.assigned", "agency": "Sở không có thật"}, "agency"),
        ("operator", {"type": "feedback.corrected"}, "domain"),
        ("operator", {"type": "feedback.corrected", "domain": "weather"}, "domain"),
        ("operator", {"type": "feedback.corrected", "lane": "to_cao"}, "lane"),
        ("operator", {"type": "feedback.merged", "into": "nothing"}, "into"),
        ("operator", {"type": "feedback.merged", "into": "r"}, "into"),
        ("operator", {"type": "assigned"}, "type"),
        ("supervisor", {"type": "feedback.extended", "until": "mai"}, "until"),
    ],
)
async def test_a_decision_that_cannot_be_used_names_the_field(
    filled: TestDesk, role: str, body: dict[str, str], field: str
) -> None:
    answer = await filled.ask(role, "POST", events_of("p"), json=body)
    assert answer.status_code == 400
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert filled.outbox.sent == []


async def test_the_inspectors_decision_goes_to_the_restricted_topics(filled: TestDesk) -> None:
    body = {"type": "feedback.info_requested", "text": "Cần thêm chứng cứ"}
    await filled.ask("inspector", "POST", events_of("r"), json=body)
    assert {message.topic for message in filled.outbox.sent} == {TOPICS.restricted.texts, TOPICS.restricted.events}


async def test_a_move_takes_the_texts_along_and_leaves_tombstones(filled: TestDesk) -> None:
    answer = await filled.ask("operator", "POST", events_of("p"), json={"type": "feedback.moved"})
    order = [(message.topic, message.value is None) for message in filled.outbox.sent]
    there, here = TOPICS.restricted, TOPICS.feedback
    assert answer.status_code == 202
    assert order == [(there.texts, False), *[(there.events, False)] * 4, (here.events, False), (here.texts, True)]
    kinds = [envelope(message)["type"] for message in filled.outbox.on(there.events)]
    assert kinds == ["feedback.opened", "feedback.assigned", "feedback.brought", "feedback.corrected"]
    marks = [since_of(message.headers) for lane in (there, here) for message in filled.outbox.on(str(lane.texts))]
    assert marks == [mark(filled.now)] * 2


async def test_a_move_without_kafka_hides_the_case_and_is_finished_later(filled: TestDesk) -> None:
    filled.outbox.down = True
    answer = await filled.ask("operator", "POST", events_of("p"), json={"type": "feedback.moved"})
    hidden = await filled.ask("operator", "GET", "/api/v1/feedback/p")
    filled.outbox.down = False
    filled.desk.moves.finish()
    filled.desk.moves.finish()
    assert (answer.status_code, hidden.status_code) == (202, 404)
    assert len(filled.outbox.sent) == 7


@dataclass(frozen=True)
class Crossed:
    """A move or a release: who decides it, who else could see the case and what for, where it lies."""

    case: str
    role: str
    type: str
    lane: str
    lists: str


LEAVES = pytest.mark.parametrize(
    "leaves",
    [Crossed("p", "operator", "moved", "feedback", "/theo-doi"),
     Crossed("r", "inspector", "released", "restricted", "/don-thu")],
    ids=["move", "release"],
)  # fmt: skip


def project_what_was_sent(filled: TestDesk, case: str, public: Sequence[FeedbackEvent] = ()) -> None:
    """What the follower and the projector make of the records that the web has sent, and of `public` before them."""
    for topic, before in ((TOPICS.restricted, ()), (TOPICS.feedback, public)):
        events = [decode_feedback_event(message.value or b"")[2] for message in filled.outbox.on(topic.events)]
        filled.feed.feedback(case, *before, *events, lane=topic.name)


@LEAVES
@pytest.mark.parametrize("down", [True, False], ids=["noted", "sent"])
async def test_until_a_move_is_seen_its_case_is_hidden_and_a_decision_on_it_is_refused_with_what_to_do(
    filled: TestDesk, leaves: Crossed, down: bool
) -> None:
    listed = await filled.ask(leaves.role, "GET", leaves.lists)
    filled.outbox.down = down
    body = {"type": f"feedback.{leaves.type}"}
    assert (await filled.ask(leaves.role, "POST", events_of(leaves.case), json=body)).status_code == 202
    filled.outbox.down = False
    sent = list(filled.outbox.sent)
    after = await filled.ask(leaves.role, "GET", leaves.lists)
    hidden = await filled.ask(leaves.role, "GET", f"/api/v1/feedback/{leaves.case}")
    late = await filled.ask(leaves.role, "POST", events_of(leaves.case), json={"type": "feedback.accepted"})
    stranger = await filled.ask("source", "POST", events_of(leaves.case), json={"type": "feedback.accepted"})
    words = f">PA-{leaves.case}<"
    assert (words in listed.text, words in after.text) == (True, False)
    assert (hidden.status_code, late.status_code, stranger.status_code) == (404, 409, 403)
    assert "tải lại trang" in late.json()["errors"][0]["message"]
    assert filled.outbox.sent == sent


@LEAVES
async def test_once_a_move_is_seen_the_other_lane_has_the_case(filled: TestDesk, leaves: Crossed) -> None:
    await filled.ask(leaves.role, "POST", events_of(leaves.case), json={"type": f"feedback.{leaves.type}"})
    project_what_was_sent(filled, leaves.case)
    other = {"operator": "inspector", "inspector": "operator"}
    decided = {}
    for role in other:
        answer = await filled.ask(role, "POST", events_of(leaves.case), json={"type": "feedback.accepted"})
        decided[role] = answer.status_code
    assert decided[leaves.role] in (403, 404)  # an inspector reads public cases
    assert decided[other[leaves.role]] == 202
    assert not filled.desk.moves.under_way()


async def test_a_release_goes_to_both_lanes_and_then_leaves_the_restricted_one(filled: TestDesk) -> None:
    await filled.ask("inspector", "POST", events_of("r"), json={"type": "feedback.released"})
    kinds = {
        lane.name: [envelope(message)["type"] for message in filled.outbox.on(lane.events)]
        for lane in (TOPICS.feedback, TOPICS.restricted)
    }
    assert kinds == {
        "feedback": ["feedback.released", "feedback.opened"],
        "restricted": ["feedback.released", "feedback.moved"],
    }


@pytest.mark.parametrize(("lane", "role"), [("feedback", "operator"), ("restricted", "inspector")])
async def test_an_erased_text_that_comes_again_is_shown_to_nobody(filled: TestDesk, lane: str, role: str) -> None:
    erased = FeedbackEvent(id="e-erased", type="erased", at=NOON, source="/test")
    filled.feed.feedback("e", opened("e"), erased, text=TEXT, lane=lane)
    answer = await filled.ask(role, "GET", "/api/v1/feedback/e")
    assert answer.status_code == 200
    assert TEXT not in answer.text


async def test_the_same_key_decides_once(filled: TestDesk) -> None:
    body, key = {"type": "feedback.accepted"}, {"Idempotency-Key": "d1"}
    first = await filled.ask("operator", "POST", events_of("p"), json=body, headers=key)
    second = await filled.ask("operator", "POST", events_of("p"), json=body, headers=key)
    assert first.json() == second.json()
    assert len(filled.outbox.sent) == 1


async def test_dossiers_come_in_pages_and_filtered(filled: TestDesk) -> None:
    filled.feed.dossier(
        "H99.11-260801-0002", Transition(at=NOON, status=2, due_at=NOON - timedelta(days=9)), alert="overdue"
    )
    all_of_them = await filled.ask("supervisor", "GET", "/api/v1/dossiers")
    late = await filled.ask("supervisor", "GET", "/api/v1/dossiers?alert=overdue")
    wrong = await filled.ask("supervisor", "GET", "/api/v1/dossiers?alert=late")
    codes = [[item["dossier_code"] for item in answer.json()["items"]] for answer in (all_of_them, late)]
    assert codes == [["H99.11-260801-0002", "H99.11-260901-0001"], ["H99.11-260801-0002"]]
    assert wrong.status_code == 400


async def test_a_dossier_shows_history_and_explanation(filled: TestDesk) -> None:
    answer = await filled.ask("supervisor", "GET", "/api/v1/dossiers/H99.11-260901-0001")
    assert answer.json()["history"][0]["text"] == "Được tiếp nhận"
    assert answer.json()["explanation"]


async def test_a_case_goes_there_and_back_and_there_again(filled: TestDesk) -> None:
    assigned = FeedbackEvent(id="p-assigned", type="assigned", at=NOON, agency="LG.SYT")
    history = [opened("p", NOON - timedelta(hours=1)), assigned]
    where = []
    for role, type_ in (
        ("operator", "moved"),
        ("inspector", "released"),
        ("operator", "moved"),
        ("inspector", "released"),
    ):
        filled.now += timedelta(hours=1)
        await filled.ask(role, "POST", events_of("p"), json={"type": f"feedback.{type_}"})
        project_what_was_sent(filled, "p", history)
        answers = [await filled.ask(one, "POST", events_of("p"), json={"type": "feedback.accepted"})
                   for one in ("operator", "inspector")]  # fmt: skip
        where.append([answer.status_code for answer in answers])
    assert where == [[404, 202], [202, 403]] * 2
