"""People correct, a model learns, is promoted and taken up by the running workers, and no message is lost meanwhile."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli import training
from models.artifact import load
from models.corpus_rows import read_corpus
from models.train import train
from streams import codec
from streams.topics import Topics
from tests.support.cli import at, run
from tests.support.kafka import PARTITIONS, read_all
from tests.support.models import few_of_each
from tests.support.system import System, running_system
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

TOPICS = Topics(partitions=PARTITIONS)
WITHIN = 90.0
PAUSE_SECONDS = 0.2
CORRECTED = (
    "Nắp cống trước trường mẫu giáo mất ba hôm nay, ai cũng sợ trẻ con lọt xuống",
    "Đèn đường ở ngõ sau chợ tắt cả tuần, tối đi không thấy gì",
)
MOVED = "Ao cá nhà tôi chết trắng, nghi có người bỏ thuốc"


@pytest.fixture(scope="module")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Forty texts of each domain, beside the whole exam: learnt in seconds."""
    folder, whole = tmp_path_factory.mktemp("corpus"), training.CORPUS
    few_of_each(40, whole, folder / "part_01.jsonl")
    shutil.copy(whole / "exam.jsonl", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "CORPUS", folder)
        yield


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artefact that learnt six texts of each domain, so that forty must do better."""
    folder = tmp_path_factory.mktemp("models")
    few = few_of_each(6, training.CORPUS, folder / "part_01.jsonl")
    training.put_in_place(train(read_corpus([few])), folder / "model")
    return folder / "model"


@pytest.fixture(scope="module")
def learner(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    environment = {"LANGNGHE_MODEL": str(model)}
    with running_system(tmp_path_factory.mktemp("learner") / "data", environment=environment) as system:
        yield system


def posted(system: System, *texts: str) -> list[str]:
    answer = system.post("/api/v1/feedback", [{"text": text, "channel": "app"} for text in texts])
    assert answer.status == 207, answer.text
    return [item["feedback_id"] for item in answer.json()]


def decided(system: System, case: str, **event: str) -> None:
    answer = system.post(f"/api/v1/feedback/{case}/events", event, role="operator")
    assert answer.status == 202, answer.text


def opened(system: System) -> dict[str, list[str]]:
    """By case of either lane, the model versions of its `opened` events."""
    found: dict[str, list[str]] = {}
    for lane in (TOPICS.feedback, TOPICS.restricted):
        for record in read_all(system.bootstrap, lane.events):
            case, _, event = codec.decode_feedback_event(record.value)
            if event.type == "opened":
                found.setdefault(case, []).append(str(event.model_version))
    return found


def correct(system: System) -> None:
    """Two cases are corrected; a third too, but it then goes to the inspector."""
    *cases, secret = posted(system, *CORRECTED, MOVED)
    for case in (*cases, secret):
        eventually(
            lambda case=case: system.get(f"/api/v1/feedback/{case}", "operator").status == 200,
            within=WITHIN, what="the case is open", every=0.3,
        )  # fmt: skip
        decided(system, case, type="feedback.corrected", domain="urban_infra", kind="incident", urgency="normal")
    decided(system, secret, type="feedback.moved")
    events = TOPICS.feedback.events
    eventually(
        lambda: sum(b'"feedback.moved"' in record.value for record in read_all(system.bootstrap, events)),
        within=WITHIN, what="the case has moved", every=0.5,
    )  # fmt: skip


def learnt(system: System, model: Path) -> str:
    """Trains as an administrator would, beside the running system; what the command says."""
    told = {"KAFKA_BOOTSTRAP": system.bootstrap, "LANGNGHE_MODEL": str(model), "LANGNGHE_PARTITIONS": str(PARTITIONS)}
    status, said, wrong = run(["train", "--corrections", *at(system.data)], **told)
    assert status == 0, said + wrong
    return said


@contextmanager
def flowing(system: System) -> Iterator[list[str]]:
    """Cases go on coming in while the block runs; their ids."""
    sent: list[str] = []
    stop = threading.Event()

    def flow() -> None:
        while not stop.wait(PAUSE_SECONDS):
            sent.extend(posted(system, *(f"Đường số {len(sent) + number} có ổ gà sâu" for number in range(5))))

    thread = threading.Thread(target=flow)
    thread.start()
    try:
        yield sent
    finally:
        stop.set()
        thread.join(WITHIN)


@pytest.mark.usefixtures("small_corpus")
def test_a_promoted_model_is_taken_up_by_running_workers_and_nothing_is_lost(learner: System, model: Path) -> None:
    old = load(model).metadata
    correct(learner)
    with flowing(learner) as sent:
        said = learnt(learner, model)
        new = load(model).metadata
        assert new.version != old.version
        assert new.corrections == len(CORRECTED), said
        eventually(
            lambda: any(new.version in versions for versions in opened(learner).values()),
            within=WITHIN, what="a case is classified by the promoted model", every=1,
        )  # fmt: skip
    (last,) = posted(learner, "Xe rác đổ trộm phế thải xuống bờ kênh mỗi đêm")
    eventually(lambda: last in opened(learner), within=WITHIN, what="the last case is open", every=0.5)
    found = opened(learner)
    assert set(sent) <= set(found)
    assert found[last] == [new.version]
    assert {version for versions in found.values() for version in versions} == {old.version, new.version}
