"""What redaction finds and what it spares, span by span, on written cases.

`redaction_cases.jsonl` was written before the rules. `redaction_check.jsonl` holds three sets of sixty written later
(ids c, d, e), each met once before anything was mended by it: recall then was 0.867, 0.870 and 0.902, precision
1.000, 0.959 and 0.958. On texts never seen expect those figures, not the ones asserted here.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from models.redact import redact
from models.text import PLACEHOLDERS, clean

HERE = Path(__file__).parent
MARK = re.compile("|".join(map(re.escape, PLACEHOLDERS.values())))
TYPES = {mark: name for name, mark in PLACEHOLDERS.items()}
Spans = set[tuple[int, int, str]]


class Case(NamedTuple):
    id: str
    text: str
    redacted: str


class Score(NamedTuple):
    hits: Counter[str]
    found: Counter[str]
    wanted: Counter[str]

    def recall(self, *names: str) -> float:
        return sum(self.hits[name] for name in names) / max(1, sum(self.wanted[name] for name in names))

    def precision(self, *names: str) -> float:
        return sum(self.hits[name] for name in names) / max(1, sum(self.found[name] for name in names))

    def table(self, title: str) -> str:
        rows = [(name, [name]) for name in PLACEHOLDERS] + [("all", list(PLACEHOLDERS))]
        lines = [
            f"{label:8} {sum(self.wanted[name] for name in names):6} "
            f"{self.recall(*names):7.3f} {self.precision(*names):9.3f}"
            for label, names in rows
        ]
        return "\n".join([title, f"{'type':8} {'spans':>6} {'recall':>7} {'precision':>9}", *lines])


def read_cases(name: str) -> list[Case]:
    return [Case(**json.loads(line)) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def masked(text: str, redacted: str) -> Spans:
    """What of the text each placeholder stands for."""
    match = re.fullmatch("(.+?)".join(map(re.escape, MARK.split(redacted))), text, re.DOTALL)
    assert match, f"not a redaction of its text: {redacted}"
    marks = MARK.findall(redacted)
    return {(*match.span(number), TYPES[mark]) for number, mark in enumerate(marks, 1)}


def score(cases: list[Case]) -> Score:
    total = Score(Counter(), Counter(), Counter())
    for case in cases:
        text = clean(case.text)
        wanted, found = masked(text, case.redacted), masked(text, redact(case.text))
        for counter, spans in zip(total, (wanted & found, found, wanted), strict=True):
            counter.update(name for *_, name in spans)
    return total


CASES, CHECK = read_cases("redaction_cases.jsonl"), read_cases("redaction_check.jsonl")


def test_there_are_enough_cases_and_enough_with_nothing_to_mask() -> None:
    assert len(CASES) >= 320
    assert sum(case.text == case.redacted for case in CASES) >= 90
    assert len({case.text for case in CASES + CHECK}) == len(CASES) + len(CHECK)


def test_written_cases_are_redacted_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    measured = score(CASES)
    with capsys.disabled():
        print("\n" + measured.table("redaction_cases.jsonl"))  # noqa: T201 - the table is what the test is for
    assert measured.recall(*PLACEHOLDERS) >= 0.985
    assert measured.precision(*PLACEHOLDERS) >= 0.99
    assert all(measured.recall(name) >= 0.97 for name in PLACEHOLDERS)
    assert all(measured.precision(name) >= 0.97 for name in PLACEHOLDERS)


def test_cases_written_afterwards_are_redacted_nearly_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    measured = score(CHECK)
    with capsys.disabled():
        print("\n" + measured.table("redaction_check.jsonl"))  # noqa: T201 - likewise
    assert measured.recall(*PLACEHOLDERS) >= 0.96
    assert measured.precision(*PLACEHOLDERS) >= 0.98


@pytest.mark.parametrize("case", [case for case in CASES if case.text == case.redacted], ids=lambda case: case.id)
def test_a_text_without_personal_data_stays_as_written(case: Case) -> None:
    assert redact(case.text) == clean(case.text)


@pytest.mark.parametrize("case", CASES + CHECK, ids=lambda case: case.id)
def test_redacting_a_case_twice_changes_nothing(case: Case) -> None:
    assert redact(redact(case.text)) == redact(case.text)
