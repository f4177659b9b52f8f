"""The filters of dossier lists, the same for the API and the page."""

from typing import Annotated

from fastapi import Depends, Request

from casework.labels import ALERTS, DUTIES, LEVELS
from desk.store.queries import FILTERS
from desk.web.problems import wrong

LONGEST = 300
ALLOWED = {
    "alert": tuple(ALERTS),
    "duty": tuple(DUTIES),
    "standing": ("early", "on_time", "late"),
    "level": tuple(LEVELS),
}


def filters_of(request: Request) -> dict[str, str]:
    """Every filter by name, empty where it was not given. Raises RequestError 400 for a code no dossier can have."""
    found = {name: request.query_params.get(name, "")[:LONGEST] for name in FILTERS}
    for name, allowed in ALLOWED.items():
        if found[name] and found[name] not in allowed:
            raise wrong(name, f"phải là một trong: {', '.join(allowed)}")
    return found


Filtered = Annotated[dict[str, str], Depends(filters_of)]
