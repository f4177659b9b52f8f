"""What the dashboards show: panels as plain data, their queries, and which may be empty and why."""

from dataclasses import dataclass

PREFIX = "langnghe-"
RATE = "$__rate_interval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel: queries with the legend of each; `may_be_empty` says why a healthy system may have nothing here.

    `page` is where the web lists what the panel counts; `values` are words for values that are codes. A panel with
    `columns` is a table of the labels of one query under these headings, its value last: a moment in milliseconds.
    """

    title: str
    description: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    number: bool = False
    may_be_empty: str = ""
    page: str = ""
    values: tuple[tuple[int, str], ...] = ()
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One dashboard; `agency` lets the reader choose one."""

    code: str
    title: str
    panels: tuple[Panel, ...]
    agency: bool = False


def by(metric: str, label: str, where: str = "") -> tuple[tuple[str, str], ...]:
    return ((f"sum by ({label}) ({metric}{where})", f"{{{{{label}}}}}"),)


def quantiles(metric: str, label: str) -> tuple[tuple[str, str], ...]:
    query = "histogram_quantile({q}, sum by (le, {label}) (rate({metric}_bucket[{rate}])))"
    return tuple(
        (query.format(q=q, label=label, metric=metric, rate=RATE), f"{{{{{label}}}}} {words}")
        for q, words in ((0.5, "một nửa dưới"), (0.99, "99% dưới"))
    )


def alert_list(audience: str, *columns: tuple[str, str]) -> Panel:
    """What fires for an audience, with the page of the runbook that says what to do."""
    shown = (("runbook", "Cảnh báo"), ("severity", "Mức"), *columns)
    fires = f'ALERTS{{alertstate="firing", severity!="none", audience="{audience}"}}'
    since = f"max by ({', '.join(label for label, _ in shown)}) (ALERTS_FOR_STATE and ignoring (alertstate) {fires})"
    return Panel(
        title="Cảnh báo đang có",
        queries=((f"1000 * {since}", ""),),
        description="Bấm tên cảnh báo để mở mục của nó trong sổ tay: nghĩa là gì, xem gì trước, làm gì, gọi ai.",
        may_be_empty=NO_TROUBLE,
        columns=shown,
    )


def grown(counter: str) -> str:
    """By how much a counter grew in an hour: `increase` alone misses all that a series shows when it first appears."""
    return f"({counter} unless {counter} offset 1h) or increase({counter}[1h])"


QUIET = "Chỉ có số khi có việc trong khoảng thời gian đang xem."
NO_TROUBLE = "Không có là tốt."
