"""What people corrected, read from Kafka or a file, as rows to learn from."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casework.feedback import FeedbackEvent
from cli.log import kafka_of, read_all
from cli.say import refused
from cli.settings import Settings
from streams import codec
from streams.codec import InvalidInput
from streams.codec.sources import DEMO, HEARTBEAT

if TYPE_CHECKING:
    from models.corpus_rows import Row

CORRECTED = b'"feedback.corrected"'
INVENTED = (DEMO, HEARTBEAT)


def corrections_of(settings: Settings, file: Path | None, exam: "Sequence[Row]") -> "list[Row]":
    """The rows of `file`, else of Kafka's public lane. Ends the command where neither can be read."""
    from models.corrections import allowed  # noqa: PLC0415 - brings in scikit-learn

    return allowed(_from_kafka(settings) if file is None else _from_file(file), exam)


def _from_file(file: Path) -> "list[Row]":
    from models.corpus_rows import CorpusError, read_corpus  # noqa: PLC0415 - likewise

    try:
        return read_corpus([file])
    except OSError:
        raise refused(f"Không mở được tệp {file}; hãy kiểm tra đường dẫn.") from None
    except CorpusError as error:
        raise refused(str(error)) from None
    except (ValueError, AttributeError):
        raise refused(
            f"Tệp {file} không đúng dạng; mỗi dòng phải là JSON có id, text, domain, kind, lane, urgency."
        ) from None


def _from_kafka(settings: Settings) -> "list[Row]":
    """A row for each case that was corrected, from the events and texts of the public lane alone."""
    from models.corrections import corrected_row  # noqa: PLC0415 - likewise

    lane = settings.topics.feedback
    with kafka_of(settings):
        cases = {record.key for record in read_all(settings, lane.events) if CORRECTED in (record.value or b"")}
        histories = _histories(record for record in read_all(settings, lane.events) if record.key in cases)
        texts = _texts(read_all(settings, str(lane.texts)), histories)
    rows = [corrected_row(case, history, texts[case]) for case, history in sorted(histories.items())]
    return [row for row in rows if row is not None]


def _histories(records: Iterator[Any]) -> dict[str, list[FeedbackEvent]]:
    """Events by case; what cannot be read is a dead letter already, and what was invented teaches nothing."""
    found: dict[str, list[FeedbackEvent]] = {}
    for record in records:
        try:
            case, source, event = codec.decode_feedback_event(record.value)
        except InvalidInput:
            continue
        if source not in INVENTED:
            found.setdefault(case, []).append(event)
    return found


def _texts(records: Iterator[Any], cases: dict[str, list[FeedbackEvent]]) -> dict[str, dict[str, str]]:
    """The redacted texts that stand, by case and event; a tombstone takes away what came before it."""
    found: dict[str, dict[str, str]] = {case: {} for case in cases}
    for record in records:
        case, _, event = (record.key or b"").decode(errors="replace").partition("/")
        if case in found:
            found[case][event] = codec.decode_text(record.value).text if record.value else ""
    return found
