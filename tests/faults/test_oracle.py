"""The oracle is independent of the product, right by hand counting, and says so when something is wrong."""

import ast
import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support import oracle, oracle_feedback
from tests.support.oracle_calendar import VIETNAM, end_of, working_days
from tests.support.oracle_dossiers import walk
from tests.support.oracle_feedback import Event
from tests.support.oracle_logs import Logs, step_of
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


def test_an_agency_has_the_end_of_the_day_that_is_named_for_it_and_the_days_of_a_payment_beside_it() -> None:
    steps = [
        Step(at("09-07 08:00"), 2, agency="LG.HCC"),
        Step(at("09-08 08:00"), 4, agency="LG.SXD", step_due_at=at("09-10 12:00")),
        Step(at("09-09 08:00"), 6),
        Step(at("09-11 08:00"), 4),
        Step(at("09-15 08:00"), 9, agency="LG.HCC"),
    ]
    found = walk(steps)
    assert found.desks.shown() == [
        ("LG.HCC", at("09-07 08:00"), at("09-08 08:00"), None, False),
        ("LG.SXD", at("09-08 08:00"), at("09-15 08:00"), end_of(date(2026, 9, 14)), True),
    ]
    assert walk(steps[:4]).duty() == (at("09-15 00:00"), "step_overdue")


def test_a_registration_on_the_portal_is_answered_within_eight_working_hours() -> None:
    registered = Step(at("09-07 09:00"), 1, channel="2")
    assert walk([registered]).duty() == (at("09-08 09:00"), "intake_overdue")
    assert walk([registered, Step(at("09-08 09:00"), 2)]).intake == (at("09-08 09:00"), "on_time")
    assert walk([registered, Step(at("09-08 09:01"), 2)]).intake == (at("09-08 09:00"), "late")
    assert walk([Step(at("09-07 09:00"), 1, channel="1")]).intake is None


def case(*story: tuple[str, str, dict[str, Any]]) -> oracle_feedback.Case:
    """A conduct report of Monday 7 September at 09:00, and what became of it."""
    profile = {"lane": "phan_anh_kien_nghi", "kind": "conduct", "urgency": "normal", "domain": "land"}
    first = {"received_at": at("09-07 09:00"), "agency": "LG.HCC", **profile}
    events = [("opened", "09-07 09:00", first), *story]
    found = oracle_feedback.walk(Event(at(when), f"{n}", type_, told) for n, (type_, when, told) in enumerate(events))
    assert found is not None
    return found


def test_a_report_that_is_sent_back_is_with_who_took_it_in_and_climbs_anew() -> None:
    found = case(("assigned", "09-08 09:00", {"agency": "LG.CA"}), ("returned", "09-09 09:00", {}))
    assert (found.stage, found.agency, found.home) == ("returned", None, "LG.HCC")
    assert [held.agency for held in found.holders] == ["LG.HCC", "LG.CA", "LG.HCC"]
    assert found.escalation(at("09-10 08:59")) is None
    assert found.escalation(at("09-10 09:00")) == ("coordinator", "2026-09-09T09:00:00+07:00")


def test_an_answer_is_extended_once_in_time_and_a_don_is_decided_within_thirty_days() -> None:
    longer = ("extended", "09-20 09:00", {"until": at("10-05 09:00")})
    again = ("extended", "09-21 09:00", {"until": at("10-20 09:00")})
    assert case(longer, again).deadline("answer") == (end_of(date(2026, 10, 5)), False)
    assert case(("extended", "09-29 09:00", {"until": at("10-05 09:00")})).deadline("answer") == (
        end_of(date(2026, 9, 28)),
        False,
    )
    don = ("corrected", "09-08 09:00", {"lane": "khieu_nai"})
    confirmed = ("lane_confirmed", "09-15 09:00", {"accepted_at": at("09-14 09:00")})
    assert case(don, confirmed, longer).deadline("answer") == (end_of(date(2026, 10, 14)), False)


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
    "procedure_code": None, "agency": None, "field": None, "level": None, "channel": None, "flags": [],
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


@pytest.mark.parametrize("name", ["alert", "clock", "violations"])
def test_the_oracle_names_a_case_whose_state_lacks_a_field(name: str) -> None:
    found = logs()
    state = {field: value for field, value in STATE.items() if field != name}
    found.records["dossier.states"] = [record("dossier.states", state)]
    assert [line for line in wrong(found) if line.startswith(f"{CODE}: {name} is missing")]


def test_an_agency_is_read_as_its_code_however_it_was_written() -> None:
    written = {"dossier_code": CODE, "status": 4, "occurred_at": "2026-09-07T08:00:00", "agency": "sở  Tư pháp"}
    assert step_of(json.dumps(written).encode()) == (CODE, Step(at("09-07 08:00"), 4, agency="LG.STP"))


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
