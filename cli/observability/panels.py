"""What the dashboards show: panels as plain data, their queries, and which may be empty and why."""

from dataclasses import dataclass

PREFIX = "langnghe-"
RATE = "$__rate_interval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel: queries with the legend of each; `may_be_empty` says why a healthy system may have nothing here."""

    title: str
    description: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    number: bool = False
    may_be_empty: str = ""


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


def grown(counter: str) -> str:
    """By how much a counter grew in an hour: `increase` alone misses all that a series shows when it first appears."""
    return f"({counter} unless {counter} offset 1h) or increase({counter}[1h])"


QUIET = "Chỉ có số khi có việc trong khoảng thời gian đang xem."
NO_TROUBLE = "Không có là tốt."
