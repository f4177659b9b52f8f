"""What comes next for an open case, in words: the moments at which somebody will be told something."""

from collections.abc import Iterable
from datetime import datetime

from casework.labels import ALERTS, DUTIES, ESCALATIONS, STAGES
from casework.watchpoints import Watchpoint
from casework.wording import due_words, moment_words


def upcoming_lines(watch: Iterable[Watchpoint], now: datetime) -> list[str]:
    """The watchpoints after `now`, an aware moment, the nearest first; none of a closed case."""
    points = sorted((point for point in watch if point.moment > now), key=lambda point: point.moment)
    heads = ("Mốc tiếp theo", *("Sau đó" for _ in points))
    return [f"{head}: {moment_words(point.moment)}, {_what(point)}" for head, point in zip(heads, points, strict=False)]


def _what(point: Watchpoint) -> str:
    if point.track == "escalation":
        return f"{_lower(ESCALATIONS[point.alert].removeprefix('Đã '))} nếu chưa có đơn vị nhận"
    words = DUTIES[point.alert] if point.track == "duty" else ALERTS[point.alert]
    stage = f" {_lower(STAGES[point.stage])}" if point.stage else ""
    return f"{_lower(words)}{stage} (hạn {due_words(point.due_at)})"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
