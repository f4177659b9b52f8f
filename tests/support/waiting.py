"""Waiting for a condition instead of sleeping."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def eventually(ask: Callable[[], Value], *, within: float, what: str, every: float = 0.05) -> Value:
    """The first true answer of `ask`; fails after `within` seconds, saying `what` did not happen."""
    deadline = time.monotonic() + within
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what}; last answer: {answer!r}")
        time.sleep(every)
