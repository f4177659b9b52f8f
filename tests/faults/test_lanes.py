"""The web or the intake worker is killed while it writes, or Kafka answers with errors: posts, moves, erasure."""

import json
import signal
import threading
from contextlib import closing
from typing import Any

import pytest
from kafka import KafkaProducer

from casework.feedback import FeedbackEvent
from streams.codec import encode_feedback_event
from tests.support.faults import Field, now
from tests.support.faults_load import Load
from tests.support.faults_web import ask, langnghe, post
from tests.support.faults_worker import Worker
from tests.support.kafka import read_all
from tests.support.proxy_errors import Api, Injected
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka
TEXT = "Đèn đường trước cổng chợ hỏng cả tuần, buổi tối rất tối."
WITHIN = 90.0


@pytest.fixture
def web(office: Field) -> Worker:
    found = next(worker for worker in office.workers if worker.name == "web")
    if not found.runs():
        found.start()
    found.wait_ready()
    return found


def kill_at(office: Field, web: Worker, topic: str) -> list[str]:
    """Kills the web when the broker has acknowledged its next record on a topic, before it learns that; says so."""
    killed: list[str] = []

    def kill() -> bool:
        killed.append(topic)
        web.kill()
        return False

    office.ground.proxies["web"].on_acknowledgement(office.topics.named(topic), kill)
    return killed


def report(office: Field, number: int, text: str = TEXT) -> str:
    """The id of a report that has come to its page."""
    body = {"text": text, "channel": "hotline", "received_at": now().isoformat()}
    case = str(post(office, "/api/v1/feedback", body, "source", f"report-{number}")["feedback_id"])
    eventually(lambda: shown(office, case), within=WITHIN, what=f"{case} is shown", every=0.3)
    return case


def shown(office: Field, case: str, role: str = "operator") -> dict[str, Any] | None:
    found = ask(office, f"/api/v1/feedback/{case}", role)
    return found if found and found["stage"] != "received" else None


def latest(office: Field, topic: str, case: str) -> dict[str, bytes | None]:
    """The last value of every text of a case."""
    records = read_all(office.place.bootstrap, office.topics.named(topic))
    return {record.key.decode(): record.value for record in records if record.key.decode().startswith(f"{case}/")}


def written(office: Field, case: str) -> int:
    """Records of texts of a case that have a value."""
    records = read_all(office.place.bootstrap, office.topics.named("feedback.texts"))
    return sum(record.key.decode().startswith(f"{case}/") and record.value is not None for record in records)


def stands_nowhere(office: Field, case: str) -> bool:
    """In the public lane."""
    return set(latest(office, "feedback.texts", case).values()) == {None}


def test_a_web_killed_during_posts_keeps_each_once_when_they_are_repeated_under_their_keys(
    office: Field, web: Worker
) -> None:
    killed = kill_at(office, web, "feedback.intake")
    answers: dict[int, str] = {}

    def one(number: int) -> None:
        body = {"text": f"{TEXT} ({number})", "channel": "hotline"}
        answers[number] = str(post(office, "/api/v1/feedback", body, "source", f"post-{number}")["feedback_id"])

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    eventually(lambda: killed, within=WITHIN, what="the web is killed")
    web.start()
    for thread in threads:
        thread.join(WITHIN)
    assert len(set(answers.values())) == 8
    office.settle()
    sent = {json.loads(record.value)["data"]["feedback_id"] for record in
            read_all(office.place.bootstrap, office.topics.feedback_intake) if b"(" in record.value}  # fmt: skip
    assert sent == set(answers.values())


LATER = ((7, True), (6, False), (10, False), (29, False), (31, False), (45, False), (47, True))


@pytest.mark.parametrize(("code", "done"), [
    (-1, True), *(pytest.param(*error, marks=pytest.mark.long_fault) for error in LATER)])  # fmt: skip
def test_a_post_that_kafka_acknowledges_with_an_error_is_refused_or_kept_once(
    office: Field, web: Worker, code: int, done: bool
) -> None:
    """Codes: unknown, timed out, not the leader, too large, topic or cluster forbidden, wrong sequence, old epoch."""
    proxy, topic = office.ground.proxies["web"], office.topics.feedback_intake
    key, body = f"error-{code}-{done}", {"text": f"{TEXT} [{code}, {done}]", "channel": "hotline"}
    proxy.injected = injected = Injected(Api.PRODUCE, code, 2, done, topic.encode())
    first = ask(office, "/api/v1/feedback", "source", body, key)
    assert injected.given
    if first is not None:
        assert len(kept(office, first["feedback_id"])) == 1
    proxy.heal()
    answer = post(office, "/api/v1/feedback", body, "source", key)
    assert first in (None, answer)
    assert len(set(kept(office, answer["feedback_id"]))) == 1
    office.settle()


@pytest.mark.long_fault
def test_a_heartbeat_that_kafka_refuses_is_sent_again(office: Field) -> None:
    proxy, topic = office.ground.proxies["lag"], office.topics.feedback_intake
    proxy.injected = injected = Injected(Api.PRODUCE, 29, 2, done=False, about=topic.encode())
    lag = office.worker("lag", proxied=True)
    eventually(lambda: injected.given == injected.times, within=WITHIN, what="two beats are refused", every=0.3)
    lag.wait_ready()
    office.remove(lag)
    beats = [record.key for record in read_all(office.place.bootstrap, topic)]
    assert any(key.startswith(b"HB-") for key in beats)
    office.settle()


def kept(office: Field, case: str) -> list[str]:
    """The ids under which a report lies on the intake topic."""
    records = read_all(office.place.bootstrap, office.topics.feedback_intake)
    envelopes = [json.loads(record.value) for record in records if record.key == case.encode()]
    return [envelope["id"] for envelope in envelopes]


STEPS = ("restricted.texts", "restricted.events", "feedback.events", "feedback.texts")


@pytest.mark.parametrize("step", [
    *(pytest.param(step, marks=pytest.mark.long_fault) for step in STEPS[:3]), STEPS[3]])  # fmt: skip
def test_a_move_is_finished_wherever_the_web_is_killed_in_it(office: Field, web: Worker, step: str) -> None:
    case = report(office, 10 + STEPS.index(step))
    killed = kill_at(office, web, step)
    assert ask(office, f"/api/v1/feedback/{case}/events", "operator", {"type": "feedback.moved"}, step) is None
    assert killed == [step]
    web.start()
    eventually(lambda: shown(office, case, "inspector"), within=WITHIN, what="the inspector has it", every=0.5)
    office.settle()
    assert all(latest(office, "restricted.texts", case).values())
    assert set(latest(office, "feedback.texts", case).values()) == {None}
    assert shown(office, case) is None


@pytest.mark.long_fault
@pytest.mark.parametrize("step", ["feedback.texts", "feedback.events", "restricted.events", "restricted.texts"])
def test_a_release_is_finished_wherever_the_web_is_killed_in_it(office: Field, web: Worker, step: str) -> None:
    case = report(office, 30 + STEPS.index(step))
    post(office, f"/api/v1/feedback/{case}/events", {"type": "feedback.moved"}, "operator", f"there-{step}")
    eventually(lambda: shown(office, case, "inspector"), within=WITHIN, what="the inspector has it", every=0.5)
    office.settle()
    killed = kill_at(office, web, step)
    assert ask(office, f"/api/v1/feedback/{case}/events", "inspector", {"type": "feedback.released"}, step) is None
    assert killed == [step]
    web.start()
    eventually(lambda: shown(office, case), within=WITHIN, what="the operator has it back", every=0.5)
    office.settle()
    assert all(latest(office, "feedback.texts", case).values())
    assert set(latest(office, "restricted.texts", case).values()) == {None}


@pytest.mark.parametrize("step", [
    "noted", *(pytest.param(step, marks=pytest.mark.long_fault) for step in STEPS[:3]), STEPS[3]])  # fmt: skip
def test_what_is_erased_between_the_steps_of_a_move_is_erased_in_both_lanes(
    office: Field, web: Worker, step: str
) -> None:
    case = report(office, 70 + len(step))
    erased_while(office, web, case, step, ("operator", "feedback.moved"))
    assert says(office, case, "inspector") is None


@pytest.mark.long_fault
@pytest.mark.parametrize("step", ["noted", "feedback.texts", "feedback.events", "restricted.events"])
def test_what_is_erased_between_the_steps_of_a_release_is_erased_in_both_lanes(
    office: Field, web: Worker, step: str
) -> None:
    case = report(office, 110 + len(step))
    post(office, f"/api/v1/feedback/{case}/events", {"type": "feedback.moved"}, "operator", f"over-{step}")
    eventually(lambda: shown(office, case, "inspector"), within=WITHIN, what="the inspector has it", every=0.5)
    office.settle()
    erased_while(office, web, case, step, ("inspector", "feedback.released"))
    assert says(office, case) is None


def erased_while(office: Field, web: Worker, case: str, step: str, move: tuple[str, str]) -> None:
    """The web is killed at that step of a move; it starts again after the erasure, and what it had sent arrives."""
    role, type_ = move
    first = "feedback.texts" if type_ == "feedback.released" else "restricted.texts"
    killed = hold_at(office, web, first) if step == "noted" else kill_at(office, web, step)
    assert ask(office, f"/api/v1/feedback/{case}/events", role, {"type": type_}, f"erased-{case}-{step}") is None
    assert killed
    assert langnghe(office, "erase", case, "--yes").wait(60) == 0
    web.start()
    eventually(lambda: is_erased(office, case), within=WITHIN, what="it is erased in both lanes", every=0.5)
    office.ground.proxies["web"].release()
    office.settle()
    eventually(lambda: is_erased(office, case), within=WITHIN, what="it is still erased", every=0.5)
    assert len(erasures(office, case)) == 1


def hold_at(office: Field, web: Worker, topic: str) -> list[str]:
    """Kills the web when its next record for a topic is on the way; it arrives when the proxy lets it pass."""
    killed: list[str] = []

    def kill() -> None:
        killed.append(topic)
        web.kill()

    office.ground.proxies["web"].hold_request(office.topics.named(topic), kill)
    return killed


def is_erased(office: Field, case: str) -> bool:
    """No text of the case stands in either lane, and the state of each says that it was erased."""
    texts = [latest(office, f"{lane}.texts", case) for lane in ("feedback", "restricted")]
    return all(set(lane.values()) == {None} for lane in texts) and all(
        b'"type":"erased"' in (state_of(office, lane.states, case) or b"")
        for lane in (office.topics.feedback, office.topics.restricted)
    )


def state_of(office: Field, topic: str, case: str) -> bytes | None:
    records = read_all(office.place.bootstrap, topic)
    return next((record.value for record in reversed(records) if record.key == case.encode()), None)


def erasures(office: Field, case: str) -> set[str]:
    """Ids of the events that erased a case, in both lanes."""
    lanes = (office.topics.feedback, office.topics.restricted)
    records = [one for lane in lanes for one in read_all(office.place.bootstrap, lane.events)]
    values = [one.value for one in records if one.key == case.encode()]
    return {json.loads(value)["id"] for value in values if b"feedback.erased" in value}


def test_a_decision_that_comes_while_its_case_is_moved_goes_after_it(office: Field, web: Worker) -> None:
    """It was sent before the move was noted, and nobody has read it by then."""
    case, topics = report(office, 150), office.topics
    killed = kill_at(office, web, "restricted.texts")
    assert ask(office, f"/api/v1/feedback/{case}/events", "operator", {"type": "feedback.moved"}, "overtaken") is None
    assert killed
    taken = FeedbackEvent(id=f"{case}-taken", type="accepted", at=now(), by="operator:1", source="/langnghe/web/1")
    office.send("feedback.events", [(case, encode_feedback_event(case, taken, taken.source))])
    web.start()

    def has_it() -> bool:
        return b'"type":"accepted"' in (state_of(office, topics.restricted.states, case) or b"")

    eventually(has_it, within=WITHIN, what="the inspector's lane has the decision", every=0.5)
    office.settle()
    assert b'"stage":"moved"' in (state_of(office, topics.feedback.states, case) or b"")


def test_an_erased_case_that_is_sent_again_stays_erased(office: Field, web: Worker) -> None:
    report_ = Load(9, now()).feedback("PA-erased-", 1)
    office.send("feedback.intake", report_)
    case = report_[0][0]
    eventually(lambda: shown(office, case), within=WITHIN, what="it is shown", every=0.3)
    assert langnghe(office, "erase", case, "--yes").wait(60) == 0
    before = written(office, case)
    office.send("feedback.intake", report_)
    eventually(lambda: written(office, case) > before, within=WITHIN, what="the text comes again", every=0.3)
    eventually(lambda: stands_nowhere(office, case), within=WITHIN, what="it is gone again", every=0.3)
    assert langnghe(office, "erase", case, "--yes").wait(60) == 0
    assert len(erasures(office, case)) == 2, "the second one takes away what was written after the first"


ACCUSED = "Tôi tố cáo cán bộ nhận tiền của dân để làm nhanh hồ sơ đất đai."


@pytest.mark.parametrize(("text", "role", "lane"), [
    ("Ngõ nhà tôi ngập mỗi khi mưa.", "operator", "feedback"), (ACCUSED, "inspector", "restricted"),
], ids=["an ordinary one", "a suspected tố cáo"])  # fmt: skip
def test_of_two_reports_that_two_sources_send_under_one_id_neither_is_lost(
    office: Field, web: Worker, text: str, role: str, lane: str
) -> None:
    case = f"PA-reused-{lane}"
    for source, said in (("/cong-a", TEXT), ("/cong-b", text)):
        data = {"feedback_id": case, "text": said, "channel": "portal"}
        envelope = {"specversion": "1.0", "id": "1", "source": source, "type": "feedback.received", "data": data}
        office.send("feedback.intake", [(case, json.dumps(envelope).encode())])

    def read_by(who: str) -> set[str]:
        return set((shown(office, case, who) or {"texts": {}})["texts"].values())

    eventually(lambda: read_by(role) == {TEXT, text}, within=WITHIN, what="both are read", every=0.5)
    office.settle()
    assert len(latest(office, f"{lane}.texts", case)) == 2 and all(latest(office, f"{lane}.texts", case).values())
    assert role == "operator" or not read_by("operator")
    assert langnghe(office, "erase", case, "--yes").wait(60) == 0
    eventually(lambda: not any(latest(office, f"{lane}.texts", case).values()), within=WITHIN, what="both are erased")


@pytest.mark.long_fault
@pytest.mark.parametrize("step", ["feedback.events", "feedback.texts"])
def test_an_erasure_in_which_the_web_is_killed_is_finished_by_its_repeat(office: Field, web: Worker, step: str) -> None:
    case = report(office, 50 + STEPS.index(step))
    killed = kill_at(office, web, step)
    path, body = f"/api/v1/feedback/{case}/events", {"type": "feedback.erased"}
    assert ask(office, path, "admin", body, f"erase-{step}") is None
    assert killed == [step]
    web.start()
    post(office, path, body, "admin", f"erase-{step}")
    office.settle()
    assert set(latest(office, "feedback.texts", case).values()) == {None}


@pytest.mark.long_fault
@pytest.mark.parametrize("gone", ["erased", "moved"])
def test_a_text_that_a_killed_intake_worker_had_sent_and_that_comes_after_its_case_is_gone_does_not_stand(
    office: Field, web: Worker, gone: str
) -> None:
    case = sent_and_held(office, f"PA-held-{gone}-")
    if gone == "erased":
        assert langnghe(office, "erase", case, "--yes").wait(60) == 0
    else:
        post(office, f"/api/v1/feedback/{case}/events", {"type": "feedback.moved"}, "operator", f"held-{case}")
    eventually(lambda: stands_nowhere(office, case), within=WITHIN, what="the text is gone")
    before = written(office, case)
    office.ground.proxies["intake"].release()
    eventually(lambda: written(office, case) > before, within=WITHIN, what="the text that was held arrives")
    eventually(lambda: stands_nowhere(office, case), within=WITHIN, what="it is gone again")
    opened = [one for one in read_all(office.place.bootstrap, office.topics.feedback.events)
              if one.key.decode() == case and b"feedback.opened" in one.value]  # fmt: skip
    assert len(opened) == 1, "the event came with the text, so that any worker saw it"
    if gone == "moved":
        post(office, f"/api/v1/feedback/{case}/events", {"type": "feedback.released"}, "inspector", f"back-{case}")
        comes_back_and_stays(office, case)


def comes_back_and_stays(office: Field, case: str) -> None:
    """Also where a tombstone of the move comes after the release, as the web may have sent it before it died."""
    texts = str(office.topics.feedback.texts)
    eventually(lambda: says(office, case), within=WITHIN, what="the operator has it back", every=0.5)
    records = [one for one in read_all(office.place.bootstrap, texts) if one.key.decode().startswith(f"{case}/")]
    tombstone = next(one for one in records if one.value is None and one.headers)
    before = written(office, case)
    with closing(KafkaProducer(bootstrap_servers=office.place.bootstrap, acks="all")) as producer:
        producer.send(texts, None, key=tombstone.key, headers=tombstone.headers).get(30)
    eventually(lambda: written(office, case) > before, within=WITHIN, what="the text is sent again", every=0.3)
    assert all(latest(office, "feedback.texts", case).values())
    assert says(office, case)


def says(office: Field, case: str, role: str = "operator") -> object:
    """What someone reads."""
    return (shown(office, case, role) or {}).get("text")


def sent_and_held(office: Field, prefix: str) -> str:
    """A report that stands, and of which the text of a killed worker is still on its way.

    The first chunk of a worker sends texts alone: its producer asks where the events go while they are on the way.
    """
    office.settle_reading()  # or it would begin with what it has read before
    intake = next(worker for worker in office.workers if worker.name == "intake")
    intake.kill()
    intake.start()
    intake.wait_ready()
    held: list[bool] = []

    def kill() -> None:
        intake.signal(signal.SIGKILL)
        held.append(True)

    office.ground.proxies["intake"].hold_request(str(office.topics.feedback.texts), kill)
    ((case, value),) = Load(11, now()).feedback(prefix, 1)
    office.send("feedback.intake", [(case, value)])
    eventually(lambda: held, within=WITHIN, what="the text is on its way")
    assert intake.process is not None
    intake.process.wait(10)
    intake.start()
    eventually(lambda: shown(office, case), within=WITHIN, what="the successor's text is shown", every=0.3)
    return case
