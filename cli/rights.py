"""What each process must be allowed to do in Kafka: what docs/acl.md and the test with a real broker are made from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from streams.topics import Topics

INTRO = (
    "One principal a process: `KAFKA_USER` and `KAFKA_PASSWORD_FILE` of each. Names are without the prefix. Write and "
    "Read include Describe. Who creates the topics and repairs (`langnghe topics`, `dlq`, `replay`, `import`, `erase`, "
    "`demo`) is an administrator of the cluster. A source may write to the two intake topics and reads nothing. The "
    "restricted lane is readable by `cases` and `projector` alone, its texts by `projector` alone."
)
PARTIES = {"admit": "admit worker", "intake": "intake worker", "cases": "case worker", "projector": "projector",
           "web": "web", "lag": "lag exporter", "source": ""}  # fmt: skip


class Flow(Protocol):
    """Who sends to a topic and who reads it."""

    @property
    def senders(self) -> tuple[str, ...]: ...
    @property
    def readers(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Principal:
    """Topics that a process writes, reads, and of which it only asks where they end; groups that it is in, and sees."""

    name: str
    writes: tuple[str, ...]
    reads: tuple[str, ...]
    asks: tuple[str, ...]
    groups: tuple[str, ...]
    sees: tuple[str, ...]


def principals(topics: Topics, flows: Mapping[str, Flow]) -> Iterator[Principal]:
    """Every principal, with its topics and groups under the prefix of `topics`."""
    admit, intake, cases, projector = topics.admit_app, topics.intake_app, topics.cases_app, topics.projector_group
    feeds = (topics.dossier_intake, topics.feedback_intake)
    measured = (topics.dossier.events, topics.feedback.events, topics.dossier.states, topics.feedback.states)
    groups = {"admit": (admit,), "intake": (intake,), "cases": (cases,), "projector": (projector,)}
    sees = {"cases": (admit, intake), "lag": (admit, intake, cases, projector)}
    asks = {"cases": feeds, "lag": (topics.dead_letters,)}
    reads, writes = {"lag": (*feeds, *measured)}, {"source": feeds}  # beside what flows
    for name, party in PARTIES.items():
        sent = tuple(topics.named(topic) for topic, flow in flows.items() if party in flow.senders)
        read = tuple(topics.named(topic) for topic, flow in flows.items() if party in flow.readers)
        yield Principal(
            name, sent + writes.get(name, ()), read + reads.get(name, ()), asks.get(name, ()), groups.get(name, ()),
            sees.get(name, ()),
        )  # fmt: skip
