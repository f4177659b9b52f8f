"""How a command says that it cannot go on: one Vietnamese sentence on standard error, and a status that is not zero."""

import logging
import sys
from pathlib import Path

import typer

from cli.settings import Settings, SettingsError, from_environment


def refused(sentence: str, status: int = 1) -> typer.Exit:
    """What to raise after telling the user why; the sentence names the fix."""
    typer.echo(sentence, err=True)
    return typer.Exit(status)


def settings_of(data: Path, port_base: int) -> Settings:
    """Settings of a command from its options and the environment; a bad one ends the command."""
    _log_aside()
    try:
        return from_environment(data, port_base)
    except SettingsError as error:
        raise refused(str(error)) from None


def _log_aside() -> None:
    """Standard output is the command's answer, so logs go to standard error, and Kafka's client only with errors."""
    logging.getLogger("kafka").setLevel(logging.ERROR)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stdout:
            handler.setStream(sys.stderr)
