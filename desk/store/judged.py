"""How the proposals of the classifier fared with people: public cases only, the invented ones left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, select

from desk.store.queries import public_only
from desk.store.rows import CHANGED
from desk.store.tables import feedback
from streams.codec.sources import DEMO

COUNTERS = (  # cases, abstained, checked, changed
    func.count(),
    func.count(feedback.c.abstained),
    func.count(feedback.c.checked),
    func.count().filter(feedback.c.checked == CHANGED),
)
PROPOSED = and_(feedback.c.proposed.is_not(None), public_only())


@dataclass(frozen=True, slots=True)
class Fared:
    """Cases that were proposed as `domain` by the model of a version, and what became of them.

    `abstained`: a person had to choose; `checked`: a person has confirmed or changed; `changed`: the domain was wrong.
    """

    domain: str
    version: str
    cases: int
    abstained: int
    checked: int
    changed: int


def fared(connection: Connection) -> list[Fared]:
    """One value for each domain and model version that there are cases of."""
    columns = feedback.c
    query = (
        select(columns.proposed, columns.model_version, *COUNTERS)
        .where(PROPOSED, columns.source.is_distinct_from(DEMO))
        .group_by(columns.proposed, columns.model_version)
        .order_by(columns.proposed, columns.model_version)
    )
    return [Fared(domain, version or "", *counts) for domain, version, *counts in connection.execute(query)]


def together(parts: Iterable[Fared], domain: str = "", version: str = "") -> Fared:
    """Several as one."""
    found: Sequence[Fared] = list(parts)
    names = ("cases", "abstained", "checked", "changed")
    return Fared(domain, version, *(sum(getattr(part, name) for part in found) for name in names))
