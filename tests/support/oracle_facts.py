"""What describes a dossier beside its clock, told a second time: whose it is, and what its data says of itself."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from tests.support.oracle_calendar import rows
from tests.support.oracle_dossiers import Limits, fact, packaged
from tests.support.oracle_walk import Step, Walk

# those that follow from the steps; what admit judges by its own clock and its sources is not told here
FLAGS = {"due_moved", "due_moved_late", "due_before_receipt", "receipt_after_end", "code_date_differs", "unknown_code",
         "unknown_agency", "unknown_procedure"}  # fmt: skip
CODE = re.compile(r"[A-Z]\d\d(?:\.\d{1,3}){0,3}-(\d{6})-\d{4,12}")


def facts(code: str, ordered: list[Step], found: Walk, limits: Limits | None = None) -> dict[str, Any]:
    """Fields of the state of a dossier whose steps were walked."""
    told = {name: fact(ordered, found.ends, name) for name in ("procedure_code", "agency", "field", "level", "channel")}
    fields, directory = (limits or packaged()).fields, _directory()
    procedure, agency = told["procedure_code"], told["agency"]
    flags = found.flags | _of_code(code, found)
    if procedure and procedure not in fields:
        flags.add("unknown_procedure")
    if agency and agency not in directory:
        flags.add("unknown_agency")
    if found.received and found.had and min(found.had) < found.received.date():
        flags.add("due_before_receipt")
    told["field"] = told["field"] or fields.get(procedure or "")
    told["level"] = told["level"] or _level(agency, (found.received or ordered[0].at).date())
    return {**told, "flags": sorted(flags)}


def _of_code(code: str, found: Walk) -> set[str]:
    """TT 04/2025, 13: the code of a dossier bears the day of its receipt."""
    match = CODE.fullmatch(code)
    try:
        day = datetime.strptime(match[1], "%y%m%d").date() if match else None  # noqa: DTZ007 - a day only
    except ValueError:
        day = None
    if day is None:
        return {"unknown_code"}
    return {"code_date_differs"} if found.received and found.received.date() != day else set()


def _level(agency: str | None, on: date) -> str | None:
    """That of the agency on a day, after its last that of its successor."""
    row = _directory().get(agency or "")
    if row is None:
        return None
    if row["valid_to"] and on > date.fromisoformat(row["valid_to"]):
        return _level(row["successor"], on)
    return row["level"]


@cache
def _directory() -> Mapping[str, Mapping[str, str]]:
    return {row["code"]: row for row in rows("agencies.csv")}
