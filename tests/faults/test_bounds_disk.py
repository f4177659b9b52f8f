"""What a year takes on disk, from bytes that are measured on the way of real histories, against docs/operations.md."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cli.settings import HERE
from streams.broker import Broker
from streams.topics import SPECS, Topics
from tests.bench.load import FIRST_DAY, Dossiers, feedback, in_rounds, national, texts
from tests.support.kafka import fresh_topics, latest, read_all, running_broker, send
from tests.support.offsets import count, unread
from tests.support.processes import running
from tests.support.rules import rules
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

EVENTS, PIECES = 2_000, 300
ALONE = 90  # bytes that Kafka adds to a record that comes alone: a batch of its own
WITHIN = 120.0
PAGE = (HERE / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, Topics, Path]]:
    """Dossiers and feedback that have gone the whole way."""
    folder = tmp_path_factory.mktemp("year")
    with running_broker(folder / "kafka") as broker:
        topics, bootstrap = fresh_topics(broker, "year."), broker.settings.bootstrap
        histories = Dossiers(rules()).histories(EVENTS)
        send(bootstrap, topics.dossier_intake, [national(event)[1] for event in in_rounds(histories)])
        pieces = (feedback(number, text, FIRST_DAY)[1] for number, text in enumerate(texts(PIECES)))
        send(bootstrap, topics.feedback_intake, pieces)
        for arguments, group, *read in (
            (["worker", "admit"], topics.admit_app, topics.dossier_intake),
            (["worker", "intake"], topics.intake_app, topics.feedback_intake),
            (["worker", "cases"], topics.cases_app, topics.dossier.events, topics.feedback.events),
            (["projector"], topics.projector_group, topics.dossier.states, topics.feedback.texts),
        ):
            with running(arguments, broker, topics, folder / "data"):
                eventually(lambda group=group, read=read: not unread(bootstrap, group, *read), within=WITHIN,
                           what=f"{group} has read all", every=0.5)  # fmt: skip
                if group == topics.cases_app:
                    told = topics.feedback.outcomes
                    eventually(lambda told=told: count(bootstrap, told) > PIECES // 3, within=WITHIN, what="alerts")
        yield broker, topics, folder / "data"


def documented() -> Mapping[str, int]:
    """Bytes by name, as the page has them."""
    return {name: int(number.replace(",", "")) for name, number in re.findall(r"\| `([^`]+)` \| ([\d,]+) \|", PAGE)}


def measured(broker: Broker, topics: Topics, data: Path) -> dict[str, float]:
    """Bytes by what is kept: of an event, of an outcome, and of the last record of a case."""
    bootstrap, found = broker.settings.bootstrap, {}
    for name in ("dossier.events", "dossier.outcomes", "feedback.events", "feedback.outcomes"):
        records = read_all(bootstrap, topics.named(name))
        found[name] = sum(len(record.key) + len(record.value) for record in records) / len(records) + ALONE
    for name in ("dossier.states", "feedback.states", "feedback.texts"):
        last = latest(bootstrap, topics.named(name))
        found[name] = sum(len(key) + len(value) for key, value in last.items()) / len(last) + ALONE
    cases = len(latest(bootstrap, topics.dossier.states)) + len(latest(bootstrap, topics.feedback.states))
    found["RocksDB"] = _size(data / "workers") / cases
    found["read model"] = sum(_size(path) for path in data.glob("read-model.db*")) / cases
    return found


def _size(path: Path) -> int:
    """Blocks in use: RocksDB takes its log files whole at first, and what is not written in them is no growth."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_blocks * 512 for file in files if file.is_file())


@pytest.mark.long_fault
def test_what_is_kept_takes_no_more_than_the_page_says(way: tuple[Broker, Topics, Path]) -> None:
    found, says = measured(*way), documented()
    assert {name: (round(size), says[name]) for name, size in found.items() if size > says[name]} == {}


def test_the_page_names_everything_that_is_kept_for_ever() -> None:
    kept = {one.name for one in SPECS if {("retention.ms", "-1"), ("cleanup.policy", "compact")} & one.config.items()}
    assert {name for name in kept if f"`{name}`" not in PAGE} == set()
