"""The directory of agencies as the oracle reads it: a code, a name or an alias means the agency of that row."""

import re
from functools import cache

from tests.support.oracle_calendar import rows

CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def code_of(given: str) -> str:
    """The code that is meant; a code that is not listed as it is, a name that nobody knows as `unknown`."""
    text = given.strip()
    return _names().get(_plain(text)) or (text if CODE.fullmatch(text) else "unknown")


@cache
def _names() -> dict[str, str]:
    return {_plain(name): row["code"] for row in rows("agencies.csv")
            for name in (row["code"], row["name"], *row["aliases"].split("|")) if name}  # fmt: skip


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
