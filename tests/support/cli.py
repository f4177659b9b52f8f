"""The command line as a user meets it, without any process: arguments and input in, output and status out."""

from collections.abc import Sequence
from pathlib import Path

import typer
from typer.testing import CliRunner

from cli import admin, clock_commands, demo, dlq, import_, keeping, replay, text_commands

PARTS = (admin, clock_commands, demo, dlq, import_, keeping, replay, text_commands)
NOWHERE = "127.0.0.1:1"
"""Nothing listens here: a command that wants Kafka must say so."""


def run(arguments: Sequence[str], text: str | bytes = "", **environment: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command."""
    app = typer.Typer()
    for part in PARTS:
        part.commands(app)
    result = CliRunner().invoke(app, list(arguments), input=text, env={"KAFKA_BOOTSTRAP": NOWHERE} | environment)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def at(data: Path) -> list[str]:
    """The option for a data directory of the test's own."""
    return ["--data", str(data)]
