"""docs/canh-bao.md: what each alert and each panel means, and who is told when, for those who are not programmers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cli.observability.panels import Board
from cli.observability.rules import BURNS
from cli.observability.table import Level, Table, Threshold

HEAD = """# Cảnh báo và bảng Grafana

Do `python -m cli.observability` tạo từ `deploy/alerts.toml` và các bảng Grafana; đừng sửa tay.

Chữ trong ngoặc ‹ › được thay bằng tên, con số cụ thể khi cảnh báo gửi đi. Mỗi cảnh báo có liên kết tới mục của nó trong
[sổ tay xử lý](../deploy/runbook.md): với người dân là gì, xem gì trước, làm gì, gọi ai.
"""
ALWAYS, OFFICE = "bất cứ lúc nào", "giờ hành chính của ngày làm việc"
# by severity, audience, and whether the alert names an agency: receiver of alertmanager.yml, its people, when
WHO = {
    ("page", "business", False): ("truc-duong-day-nong", "trực đường dây nóng", ALWAYS),
    ("page", "operations", False): ("truc-van-hanh", "trực vận hành", ALWAYS),
    ("ticket", "business", True): ("don-vi", "đơn vị có việc và người đôn đốc", OFFICE),
    ("ticket", "business", False): ("don-doc", "người đôn đốc", OFFICE),
    ("ticket", "operations", False): ("quan-tri", "quản trị hệ thống", OFFICE),
    ("none", "operations", False): ("con-song", "nơi nhận bên ngoài, mỗi phút một lần", ALWAYS),
}
LABELS = {
    "agency": "đơn vị", "agent": "bước", "instance": "địa chỉ", "kind": "loại việc", "partition": "số",
    "topic": "chủ đề",
}  # fmt: skip
UNITS = {"s": "giây", "m": "phút", "h": "giờ", "d": "ngày"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader is told of one alert; `when` says in words how long it must have lasted."""

    name: str
    summary: str
    description: str
    who: str
    when: str
    reason: str
    anchor: str


def alert_page(table: Table, boards: Iterable[Board]) -> str:
    """The whole page."""
    by_audience = {
        audience: [_threshold(one) for one in table.alerts if one.audience == audience]
        for audience in ("business", "operations")
    }
    parts = [HEAD, "## Cảnh báo nghiệp vụ\n", *map(_section, by_audience["business"]), "## Cảnh báo hệ thống\n"]
    parts += [_speeds(), *(_section(_level(level)) for level in table.levels)]
    parts += [*map(_section, by_audience["operations"]), "## Bảng Grafana\n", *map(_board, boards)]
    return "\n".join(parts)


def recipient(severity: str, audience: str, *, agency: bool) -> tuple[str, str, str]:
    """The receiver of alertmanager.yml, its people, and when they are told."""
    return WHO.get((severity, audience, agency)) or WHO[severity, audience, False]


def in_words(text: str) -> str:
    """A text of Prometheus with names in place of what it puts in."""
    named = re.sub(r"\{\{ *\$labels\.(\w+) *\}\}", lambda found: f"‹{LABELS.get(found[1], 'tên')}›", text)
    return re.sub(r"\{\{ *\$value[^}]*\}\}", "‹số›", named)


def duration(text: str) -> str:
    """`5m` is "5 phút"."""
    return f"{text[:-1]} {UNITS[text[-1]]}"


def _threshold(one: Threshold) -> Told:
    _, who, when = recipient(one.severity, one.audience, agency="$labels.agency" in one.summary)
    lasting = "ngay" if one.for_ == "0m" else f"khi kéo dài {duration(one.for_)}"
    return Told(one.name, one.summary, one.description, f"{who}, {when}", lasting, one.reason, one.anchor)


def _level(level: Level) -> Told:
    allowed = f"{100 * (1 - level.objective):g}%".replace(".", ",")
    when = f"khi phần được phép sai ({allowed}) hết quá nhanh, như trên, và đã có ít nhất {level.floor} lần sai"
    name, who = f"LangNghe{level.name}Burn", "theo tốc độ, như trên"
    return Told(name, level.summary, level.description, who, when, level.reason, level.anchor)


def _speeds() -> str:
    """Who is told of a service level at which speed."""
    lines = ["Các mức phục vụ dưới đây được phép sai một phần nhỏ; báo khi phần đó bị dùng nhanh hơn mức cho phép:\n"]
    for factor, long, _, severity in BURNS:
        _, who, when = recipient(severity, "operations", agency=False)
        speed = f"gấp {factor:g} lần".replace(".", ",") if factor > 1 else "trên mức cho phép"
        lines.append(f"* {speed}, trong {duration(long)}: {who}, {when}.")
    return "\n".join([*lines, ""])


def _section(told: Told) -> str:
    lines = [f"### {in_words(told.summary)}", "", in_words(told.description), ""]
    lines += [f"* **Báo ai, lúc nào:** {told.who}.", f"* **Báo:** {told.when} (`{told.name}`)."]
    lines += [f"* **Vì sao ngưỡng này:** {told.reason}", f"* [Việc phải làm](../deploy/runbook.md#{told.anchor})"]
    return "\n".join([*lines, ""])


def _board(board: Board) -> str:
    rows = [f"| {panel.title} | {panel.description} | {panel.may_be_empty or '—'} |" for panel in board.panels]
    return "\n".join([f"### {board.title}", "", "| Ô | Cho biết | Khi trống |", "|---|---|---|", *rows, ""])
