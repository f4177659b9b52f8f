"""The words of typer's help pages: it knows them in English only, some as constants, some as arguments."""

from typing import Any

import typer
from typer import rich_utils
from typer.core import TyperGroup

_PANELS = {
    "ARGUMENTS_PANEL_TITLE": "Tham số",
    "OPTIONS_PANEL_TITLE": "Tùy chọn",
    "COMMANDS_PANEL_TITLE": "Lệnh",
    "REQUIRED_LONG_STRING": "[bắt buộc]",
    "DEFAULT_STRING": "[mặc định: {}]",
}


class _Usage(typer.Context.formatter_class):  # type: ignore[misc,valid-type]
    def write_usage(self, prog: str, args: str = "", prefix: str | None = "Cách dùng: ") -> None:
        super().write_usage(prog, args, prefix)


class _Context(typer.Context):
    formatter_class = _Usage


def in_vietnamese(app: typer.Typer) -> Any:
    """The command of an app, with all commands below it, whose help pages are in Vietnamese."""
    for name, words in _PANELS.items():
        setattr(rich_utils, name, words)
    command = typer.main.get_command(app)
    _tell(command)
    return command


def _tell(command: Any) -> None:
    command.context_class = _Context
    command.options_metavar = "[TÙY CHỌN]"
    command.get_help_option(_Context(command)).help = "Xem hướng dẫn này."
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = "LỆNH [THAM SỐ]..."
        for each in command.commands.values():
            _tell(each)
