"""Random courses of dossiers, as messages: several agencies with limits of their own, the portal, ends of all kinds."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

Data = dict[str, Any]
# a code, a name, an alias and a code that is not listed; nothing more often than any of them
AGENCIES = (None, None, None, "LG.HCC", "LG.VP", "LG.SXD", "Sở Xây dựng", "Sở Tư pháp", "H09.12", "Sở không ai biết")
STATUSES = (2, 2, 3, 4, 4, 4, 4, 4, 5, 5, 6, 6, 7, 8, 9, 9, 10)
HOURS = (0, 1, 1, 3, 7, 24, 24, 30, 48, 72, 96, 168)


def course(random: Random, begin: datetime, procedures: tuple[str, ...]) -> list[Data]:
    """The steps of one dossier from `begin` on, in their order; some of them at one moment."""
    moment, procedure = begin, random.choice(procedures)
    statuses = random.choices((1, 1, 2, 2, 4, 5)) + random.choices(STATUSES, k=random.randrange(8))
    steps = []
    for status in statuses:
        steps.append(_step(random, status, moment, procedure))
        moment += timedelta(hours=random.choice(HOURS), minutes=random.choice((0, 0, 17)))
    return steps


def _step(random: Random, status: int, moment: datetime, procedure: str) -> Data:
    told = {
        "agency": random.choice(AGENCIES), "procedure_code": random.choice((procedure, None)),
        "level": random.choice((None, None, None, "commune", "district", "ward")),
        "field": random.choice((None, None, None, "Đất đai", "Hộ tịch")),
        "channel": random.choice(("1", "2", "2", "portal", None)) if status == 1 or random.random() < 0.1 else None,
        "step_due_at": _after(random, moment, 0.25, (0, 1, 2, 4)), "due_at": _after(random, moment, 0.2, (1, 3, 7, 14)),
        "received_at": _after(random, moment, 0.2, (-2, -1, 0, 2)),
        "finished_at": _after(random, moment, 0.2, (-5, -2, 0, 1)) if status in {3, 9, 10} else None,
        "rescheduled_to": _after(random, moment, 0.1, (2, 5, 9)), "apologised_at": _after(random, moment, 0.05, (0,)),
    }  # fmt: skip
    filled = {name: value for name, value in told.items() if value is not None}
    return {"status": status, "occurred_at": moment.isoformat(), **filled}


def _after(random: Random, moment: datetime, share: float, days: tuple[int, ...]) -> str | None:
    """A moment so many days after this one, for a share of the steps; of the others none."""
    if random.random() >= share:
        return None
    return (moment + timedelta(days=random.choice(days), hours=random.choice((0, 0, 2)))).isoformat()
