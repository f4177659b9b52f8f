"""`langnghe`: every command."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from casework.errors import CaseworkError
from cli import admin, clock_commands, demo, dlq, import_, keeping, replay, report, text_commands
from cli.help_words import in_vietnamese
from cli.logs import configure
from cli.processes import DATA, PORT_BASE, DataOption, PortBase, entering, lag, projector, web, worker_commands
from cli.settings import SettingsError
from cli.usage import told

Workers = Annotated[int, typer.Option("--workers", help="Số tiến trình theo dõi thời hạn", min=1, max=20)]


def build() -> typer.Typer:
    """The command tree."""
    app = typer.Typer(
        help="Lắng Nghe: phản ánh, kiến nghị và thời hạn hồ sơ",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(configure)
    app.command("up")(up)
    app.add_typer(worker_commands, name="worker")
    app.command("projector")(projector)
    app.command("web")(web)
    app.command("lag")(lag)
    for module in (text_commands, clock_commands, import_, replay, report, demo, dlq, admin, keeping):
        module.commands(app)
    return app


def up(data: DataOption = DATA, port_base: PortBase = PORT_BASE, workers: Workers = 1) -> None:
    """Chạy toàn bộ hệ thống trên máy này."""
    from cli.up import UpError, run_up  # noqa: PLC0415 - other commands do without
    from streams.broker import BrokerError  # noqa: PLC0415 - likewise
    from streams.provision import TopicsError  # noqa: PLC0415 - likewise

    try:
        raise typer.Exit(run_up(entering(Path(data), port_base), workers, lambda line: print(line, flush=True)))
    except (UpError, BrokerError, TopicsError) as problem:
        print(f"langnghe up: {problem}", file=sys.stderr)
        raise typer.Exit(1) from None


def main() -> None:
    # threads of numpy would wait for each other over a batch of 64 texts; it reads this when it is first imported
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        sys.exit(in_vietnamese(build())(prog_name="langnghe", standalone_mode=False))
    except TyperException as problem:
        if problem.format_message():  # none where the help was asked for by no argument at all
            print(told(problem), file=sys.stderr)
        sys.exit(problem.exit_code)
    except typer.Abort:
        print("langnghe: đã dừng theo yêu cầu", file=sys.stderr)
        sys.exit(1)
    except (SettingsError, CaseworkError) as problem:
        print(f"langnghe: {problem}", file=sys.stderr)
        sys.exit(1)
    except (FileNotFoundError, NotADirectoryError, PermissionError) as problem:
        if problem.filename is None:
            raise
        print(f"langnghe: không đọc hay ghi được {problem.filename}; hãy kiểm tra đường dẫn và quyền", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
