"""The oracle is independent of the product, right by hand counting, and says so when something is wrong."""

import ast
import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support import oracle
from tests.support.oracle_calendar import VIETNAM, working_days
from tests.support.oracle_dossiers import walk
from tests.support.oracle_logs import Logs
from tests.support.oracle_walk import Step

SUPPORT = Path(oracle.__file__).parent
OURS = {"casework", "streams", "models", "desk", "cli"}
CODE = "H99.1-260907-00001"


def imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(f"{node.module}")
    return found


@pytest.mark.parametrize("file", sorted(SUPPORT.glob("oracle*.py")), ids=lambda file: file.stem)
def test_the_oracle_shares_no_code_with_the_product(file: Path) -> None:
    for name in imported(file):
        assert name.split(".")[0] not in OURS
        assert not name.startswith("tests.") or "oracle" in name or name == "tests.support"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=VIETNAM)


def test_working_days_are_walked_over_the_national_day_of_2026() -> None:
    # 31/8 was swapped off, 1/9 and 2/9 are holidays, 22/8 made up for it
    assert working_days().step(date(2026, 8, 28), 1) == date(2026, 9, 3)
    assert working_days().works(date(2026, 8, 22))


def test_a_supplement_starts_the_limit_of_seven_working_days_from_zero() -> None:
    steps = [
        Step(at("09-07 08:00"), 2, procedure_code="1.000757"),
        Step(at("09-09 08:00"), 5),
        Step(at("09-14 08:00"), 4),
    ]
    found = walk(steps)
    assert (found.first, found.due) == (date(2026, 9, 16), date(2026, 9, 23))


def test_an_end_after_the_due_date_is_late_and_a_refusal_then_is_a_violation() -> None:
    found = walk([Step(at("09-07 08:00"), 2, due_at=at("09-16 23:59")), Step(at("09-17 08:00"), 3)])
    assert (found.standing, found.violations) == ("late", {"late_refusal"})


def record(topic: str, value: object, key: str = CODE, timestamp: int = 10**15) -> Any:
    return SimpleNamespace(topic=topic, partition=0, offset=0, key=key.encode(), value=json.dumps(value).encode(),
                           timestamp=timestamp)  # fmt: skip


def told(outcome: str, number: int) -> Any:
    data = {"case_id": CODE, "outcome": outcome, "alert_id": "A", "at": at("09-17 00:00").isoformat()}
    return record("dossier.outcomes", {"id": f"{number}", "data": data})


STEP = {
    "dossier_code": CODE,
    "status": 2,
    "occurred_at": "2026-09-07T08:00:00+07:00",
    "due_at": "2026-09-16T23:59:59+07:00",
}
STATE = {
    "transitions": [{"at": STEP["occurred_at"], "status": 2}], "clock": "running", "received_at": STEP["occurred_at"],
    "first_due": "2026-09-16", "due": "2026-09-16", "due_at": STEP["due_at"], "ended_at": None, "standing": None,
    "standing_766": None, "supplements": 0, "rescheduled": False, "violations": [], "alert": "overdue", "alert_id": "A",
    "duty": None, "duty_id": None, "holders": [], "intake_due_at": None, "intake_standing": None, "committed_due": None,
}  # fmt: skip


def logs() -> Logs:
    found = Logs()
    found.records["dossier.intake"] = [record("dossier.intake", STEP)]
    found.records["dossier.states"] = [record("dossier.states", STATE)]
    found.records["dossier.outcomes"] = [told("alert_raised", 1), told("alert_raised", 1)]
    return found


def wrong(found: Logs) -> list[str]:
    return [*oracle.dossiers(found, datetime.now(UTC)), *oracle.told(found, "dossier")]


def test_the_oracle_is_content_with_the_truth_and_with_repeats_of_one_id() -> None:
    assert wrong(logs()) == []


@pytest.mark.parametrize(
    ("name", "value"), [("alert", None), ("clock", "ended"), ("transitions", []), ("violations", ["x"])]
)
def test_the_oracle_names_a_case_whose_state_is_wrong(name: str, value: object) -> None:
    found = logs()
    found.records["dossier.states"] = [record("dossier.states", copy.deepcopy(STATE) | {name: value})]
    assert [line for line in wrong(found) if line.startswith(f"{CODE}: {name} is")]


def test_the_oracle_names_a_lost_case_and_an_unreadable_message_without_a_dead_letter() -> None:
    found = logs()
    found.records["dossier.states"] = []
    found.records["dossier.intake"].append(record("dossier.intake", {"dossier_code": CODE, "status": 11}))
    assert f"{CODE}: no state, 1 inputs lost" in wrong(found)
    assert "dossier.intake/0/0: unreadable, and no dead letter" in wrong(found)


def test_the_oracle_names_a_second_raise_without_a_retraction_and_one_before_its_moment() -> None:
    found = logs()
    found.records["dossier.outcomes"] = [told("alert_raised", 1), told("alert_raised", 2)]
    assert f"{CODE}: A is raised while it stands" in wrong(found)
    found.records["dossier.outcomes"][0].timestamp = 1
    assert any("before its moment" in line for line in wrong(found))


def test_the_oracle_names_a_retraction_of_what_does_not_stand_and_an_alert_never_told() -> None:
    found = logs()
    found.records["dossier.outcomes"] = [told("alert_retracted", 1)]
    assert wrong(found) == [f"{CODE}: A is retracted while None stands", f"{CODE}: told alert None, the state has A"]
