"""`langnghe demo`: invented feedback and dossiers, and a proof that what the pages show is what the log says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from importlib.resources import files
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Annotated

import typer

from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.rules import load_rules
from cli.say import refused, settings_of
from cli.settings import Settings

if TYPE_CHECKING:
    from casework.rules import Rules
    from cli.feeding import Offsets, Outgoing

HARMLESS = frozenset({"/langnghe/demo", "/langnghe/heartbeat", "/langnghe/replay"})
CHECKS = 3
Rate = Annotated[float, typer.Option("--rate", help="Số bản ghi mỗi giây", min=0.1, max=10_000)]
Dossiers = Annotated[int, typer.Option("--dossiers", help="Số hồ sơ", min=0, max=999_999)]
Feedback = Annotated[int, typer.Option("--feedback", help="Số phản ánh", min=0, max=999_999)]
Fast = Annotated[bool, typer.Option("--fast", help="Gửi nhanh nhất có thể, rồi đối chiếu kết quả với nhật ký gốc")]
Seed = Annotated[int | None, typer.Option("--seed", help="Số gốc của lượt chạy; cùng số thì cùng dữ liệu", min=0)]
Mix = Annotated[bool, typer.Option("--mix", help="Cho phép trộn dữ liệu giả vào dữ liệu thật")]


def commands(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.command("demo")(demo)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is invented, from which seed, and how it is sent."""

    dossiers: int
    feedback: int
    seed: int
    rate: float
    fast: bool


def demo(  # noqa: PLR0913, PLR0917 - each is an option of the command
    rate: Rate = 20, dossiers: Dossiers = 200, feedback: Feedback = 100, fast: Fast = False, seed: Seed = None,
    mix: Mix = False, data: DataOption = DATA, port_base: PortBase = PORT_BASE,
) -> None:  # fmt: skip
    """Tạo dữ liệu giả để xem thử; không chạy khi đã có dữ liệu thật, trừ khi dùng --mix."""
    settings = settings_of(data, port_base)
    if not mix:
        _refuse_real_data(settings)
    plan = Plan(dossiers, feedback, SystemRandom().randrange(1_000_000) if seed is None else seed, rate, fast)
    rules = load_rules(settings.rules_directory)
    total, sent = _send(settings, rules, plan)
    if fast:
        _wait_and_check(settings, rules, total, sent)
    else:
        typer.echo(f"Đã gửi {total} bản ghi giả (--seed {plan.seed}).")


def _refuse_real_data(settings: Settings) -> None:
    from cli.read_model import maybe_read_model  # noqa: PLC0415 - brings in the database

    with maybe_read_model(settings) as connection:
        if connection is not None and foreign_sources(connection):
            raise refused("Đã có dữ liệu không phải dữ liệu giả; dùng --mix nếu thật sự muốn trộn, hoặc chọn --data khác.")


def foreign_sources(connection: "Connection") -> bool:
    """Whether the read model has cases, of any lane, that were not invented, replayed or beats."""
    from sqlalchemy import select  # noqa: PLC0415 - likewise

    from desk.store import tables  # noqa: PLC0415 - likewise

    return any(
        connection.execute(select(table.c.source).where(table.c.source.not_in([*HARMLESS, ""])).limit(1)).first()
        for table in (tables.dossiers, tables.feedback, tables.restricted)
    )


def _send(settings: Settings, rules: "Rules", plan: Plan) -> "tuple[int, Offsets]":
    from cli.feeding import feed  # noqa: PLC0415 - brings in Kafka

    messages = list(messages_of(settings, rules, plan, datetime.now(UTC)))
    if not messages:
        raise refused("Không có gì để gửi; hãy chọn --dossiers hoặc --feedback lớn hơn 0.")
    rate = 0 if plan.fast else plan.rate
    return len(messages), feed(settings, messages, len(messages), rate=rate, backfill=plan.fast)


def messages_of(settings: Settings, rules: "Rules", plan: Plan, now: datetime) -> "Iterator[Outgoing]":
    """Everything that a run sends: dossiers in order of time, the feedback spread evenly among them."""
    from cli.demo_feedback import feedback  # noqa: PLC0415 - likewise

    told = feedback(_texts() if plan.feedback else [], rules, now, plan.seed, plan.feedback,
                    settings.topics.feedback_intake)  # fmt: skip
    events = list(dossier_messages(settings, rules, plan, now))
    shares = ((index / max(len(events), 1), 0, message) for index, message in enumerate(events))
    others = ((index / max(plan.feedback, 1), 1, message) for index, message in enumerate(told))
    return (message for _, _, message in merge(shares, others, key=lambda share: share[:2]))


def dossier_messages(settings: Settings, rules: "Rules", plan: Plan, now: datetime) -> "Iterator[Outgoing]":
    """The events of all histories in order of time."""
    from casework.calendar import VIETNAM  # noqa: PLC0415 - likewise
    from cli.demo_dossiers import SOURCE, histories  # noqa: PLC0415 - likewise
    from cli.feeding import Outgoing  # noqa: PLC0415 - likewise
    from streams import codec  # noqa: PLC0415 - likewise

    invented = histories(rules, now.astimezone(VIETNAM).date(), plan.seed, plan.dossiers)
    steps = [(step, history.code) for history in invented for step in history.transitions]
    for step, code in sorted(steps, key=lambda pair: pair[0].at):
        id_ = codec.stable_id(code, step.status, step.at.isoformat())
        value = codec.encode_event(codec.StatusChanged(id_, SOURCE, code, step))
        yield Outgoing(settings.topics.dossier_intake, code.encode(), value)


def _texts() -> list[str]:
    from models.corpus_rows import read_corpus  # noqa: PLC0415 - likewise

    return [row.text for row in read_corpus(Path(str(files("models") / "corpus")).glob("*.jsonl"))]


def _wait_and_check(settings: Settings, rules: "Rules", total: int, sent: "Offsets") -> None:
    """While others send too, the read model may be ahead of the log as it was read: so a difference is looked at again."""
    from cli.demo_check import compare, read_log, read_rows  # noqa: PLC0415 - likewise
    from cli.feeding import wait_until_seen  # noqa: PLC0415 - likewise
    from cli.log import kafka_of  # noqa: PLC0415 - likewise
    from cli.read_model import read_model  # noqa: PLC0415 - likewise

    for _ in range(CHECKS):
        wait_until_seen(settings, sent, total)
        with kafka_of(settings), read_model(settings) as connection:
            verdict = compare(read_log(settings), read_rows(connection), rules)
        if not verdict.different:
            typer.echo(f"{verdict.events} sự kiện, {verdict.dossiers} hồ sơ: dữ liệu hiển thị khớp nhật ký gốc.")
            return
    shown = ", ".join(verdict.different[:3])
    raise refused(
        f"{verdict.events} sự kiện, {verdict.dossiers} hồ sơ: {len(verdict.different)} hồ sơ khác nhật ký gốc ({shown}…)."
    )
