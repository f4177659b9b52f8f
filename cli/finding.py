"""One thing that `langnghe doctor` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`words` say in one line what was found, or how to mend it."""

    what: str
    good: bool
    words: str
