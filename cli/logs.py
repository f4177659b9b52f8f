"""Logs go to standard output: JSON lines, or plain ones on a terminal; never a text of a citizen."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType


class JsonLines(logging.Formatter):
    """One JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = record.exc_info[0].__name__
        return json.dumps(entry, ensure_ascii=False)


def configure() -> None:
    """Sets up logging of the process."""
    handler = logging.StreamHandler(sys.stdout)
    if not sys.stdout.isatty():
        handler.setFormatter(JsonLines())
        sys.excepthook = _log_end
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("langnghe").setLevel(logging.INFO)
    logging.getLogger("kafka").setLevel(logging.ERROR)  # its event loop warns of every slow moment of a busy machine


def _log_end(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
    """An error that ends a service is logged by type and places: its message may quote what was being processed."""
    places = "".join(traceback.format_tb(trace))
    logging.getLogger("langnghe").critical("process ends: %s\n%s", kind.__name__, places)
