"""One run of invented data: sent at a rate, or all at once and then checked against the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, select

from casework.calendar import VIETNAM
from casework.rules import Rules
from cli.arrival import Offsets
from cli.demo_check import Verdict, compare, lasting, read_log, read_rows
from cli.demo_dossiers import histories
from cli.demo_feedback import feedback
from cli.feeding import feed, wait_until_seen
from cli.log import kafka_of
from cli.outgoing import Outgoing
from cli.read_model import maybe_read_model, read_model
from cli.say import refused
from cli.settings import Settings
from desk.store import tables
from models.corpus_rows import parts, read_corpus
from streams import codec
from streams.codec.sources import DEMO, HEARTBEAT, REPLAY
from streams.topics import Topics

HARMLESS = (DEMO, HEARTBEAT, REPLAY, "")
CHECKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is invented, from which seed, and how many a second are sent (0: as fast as possible)."""

    dossiers: int
    feedback: int
    seed: int
    rate: float


def run_demo(settings: Settings, rules: Rules, plan: Plan) -> str:
    """Sends everything and returns what to tell; without a rate only after the read model was checked."""
    messages = list(messages_of(settings.topics, rules, plan, datetime.now(UTC)))
    if not messages:
        raise refused("Không có gì để gửi; hãy chọn --dossiers hoặc --feedback lớn hơn 0.")
    sent = feed(settings, messages, len(messages), rate=plan.rate, backfill=not plan.rate)
    if plan.rate:
        return f"Đã gửi {len(messages)} bản ghi giả (--seed {plan.seed})."
    return _checked(settings, rules, len(messages), sent)


def refuse_real_data(settings: Settings) -> None:
    """Ends the command where the read model has cases that were not invented."""
    with maybe_read_model(settings) as connection:
        if connection is not None and foreign_sources(connection):
            raise refused("Đã có dữ liệu không phải dữ liệu giả; dùng --mix nếu muốn trộn, hoặc chọn --data khác.")


def foreign_sources(connection: Connection) -> bool:
    """Whether the read model has cases, of any lane, that were not invented, replayed or beats."""
    return any(
        connection.execute(select(table.c.source).where(table.c.source.not_in(HARMLESS)).limit(1)).first()
        for table in (tables.dossiers, tables.feedback, tables.restricted)
    )


def messages_of(topics: Topics, rules: Rules, plan: Plan, now: datetime) -> Iterator[Outgoing]:
    """Everything that a run sends: dossiers in order of time, the feedback spread evenly among them."""
    texts = _texts() if plan.feedback else []
    told = feedback(texts, rules, now, plan.seed, plan.feedback, topics.feedback_intake)
    events = dossier_messages(topics, rules, plan, now)
    shares = ((index / len(events), message) for index, message in enumerate(events))
    others = ((index / plan.feedback, message) for index, message in enumerate(told))
    return (message for _, message in merge(shares, others, key=lambda share: share[0]))


def dossier_messages(topics: Topics, rules: Rules, plan: Plan, now: datetime) -> list[Outgoing]:
    """The events of all histories in order of time."""
    invented = histories(rules, now.astimezone(VIETNAM).date(), plan.seed, plan.dossiers)
    steps = [(step, history.code) for history in invented for step in history.transitions]
    found = []
    for step, code in sorted(steps, key=lambda pair: pair[0].at):
        id_ = codec.stable_id(code, step.status, step.at.isoformat())
        value = codec.encode_event(codec.StatusChanged(id_, DEMO, code, step))
        found.append(Outgoing(topics.dossier_intake, code.encode(), value))
    return found


def _texts() -> list[str]:
    return [row.text for row in read_corpus(parts(Path(str(files("models") / "corpus"))))]


def _checked(settings: Settings, rules: Rules, total: int, sent: Offsets) -> str:
    """While others send too, the read model is behind or ahead of the log that was read, each time in other cases."""
    looks: list[Verdict] = []
    while len(looks) < CHECKS and (not looks or lasting(looks)):
        wait_until_seen(settings, sent, total)
        with kafka_of(settings), read_model(settings) as connection:
            looks.append(compare(read_log(settings), read_rows(connection), rules))
    compared = f"{looks[-1].events} sự kiện, {looks[-1].dossiers} hồ sơ"
    if different := lasting(looks):
        raise refused(f"{compared}: {len(different)} hồ sơ khác nhật ký gốc ({', '.join(different[:3])}).")
    return f"{compared}: dữ liệu hiển thị khớp nhật ký gốc."
