"""`langnghe demo`: invented feedback and dossiers, and a proof that what the pages show is what the log says."""

from random import SystemRandom
from typing import Annotated

import typer

from cli.processes import DATA, PORT_BASE, DataOption, PortBase
from cli.rules import load_rules
from cli.say import settings_of

Rate = Annotated[float, typer.Option("--rate", help="Số bản ghi mỗi giây", min=0.1, max=10_000)]
Dossiers = Annotated[int, typer.Option("--dossiers", help="Số hồ sơ", min=0, max=999_999)]
Feedback = Annotated[int, typer.Option("--feedback", help="Số phản ánh", min=0, max=999_999)]
Fast = Annotated[bool, typer.Option("--fast", help="Gửi nhanh nhất có thể, rồi đối chiếu kết quả với nhật ký gốc")]
Seed = Annotated[int | None, typer.Option("--seed", help="Số gốc của lượt chạy; cùng số thì cùng dữ liệu", min=0)]
Mix = Annotated[bool, typer.Option("--mix", help="Cho phép trộn dữ liệu giả vào dữ liệu thật")]


def commands(app: typer.Typer) -> None:
    """Registers the commands of this module."""
    app.command("demo")(demo)


def demo(  # noqa: PLR0913, PLR0917 - each is an option of the command
    rate: Rate = 20, dossiers: Dossiers = 200, feedback: Feedback = 100, fast: Fast = False, seed: Seed = None,
    mix: Mix = False, data: DataOption = DATA, port_base: PortBase = PORT_BASE,
) -> None:  # fmt: skip
    """Tạo dữ liệu giả để xem thử; không chạy khi đã có dữ liệu thật, trừ khi dùng --mix."""
    from cli.demo_run import Plan, refuse_real_data, run_demo  # noqa: PLC0415 - brings in Kafka and the database

    settings = settings_of(data, port_base)
    if not mix:
        refuse_real_data(settings)
    chosen = SystemRandom().randrange(1_000_000) if seed is None else seed
    plan = Plan(dossiers=dossiers, feedback=feedback, seed=chosen, rate=0 if fast else rate)
    typer.echo(run_demo(settings, load_rules(settings.rules_directory), plan))
