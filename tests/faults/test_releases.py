"""Workers of the release before and of the one to come work on the states of this one, and this one on theirs."""

from dataclasses import fields

import pytest

from casework.dossiers import DossierState
from casework.feedback import FeedbackState
from tests.support.faults import Field, now
from tests.support.faults_load import Load
from tests.support.oracle_logs import Logs, read
from tests.support.oracle_states import LATER
from tests.support.other_program import TOMORROW
from tests.support.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.long_fault]
THIS = ("cli.main",)
NEWER, OLDER = (("tests.support.other_program", release) for release in ("newer", "older"))
KNOWN = {"dossier.states": DossierState, "feedback.states": FeedbackState, "restricted.states": FeedbackState}
REFOLD_SECONDS = 120.0


@pytest.mark.parametrize("other", [NEWER, OLDER], ids=["newer", "older"])
def test_an_upgrade_and_its_rollback_under_load_lose_nothing(field: Field, other: tuple[str, str]) -> None:
    _, _, first, second, _ = field.crew("admit", "intake", "cases-0", "cases-1", "projector")
    rest, number = [], 0
    for module in (other, THIS, other, THIS):
        for worker in (first, second):
            number += 1
            messages = field.storm(f"H99.{number}-260907-", 60, number)
            half = len(messages) // 2
            field.send("dossier.intake", rest + messages[:half], seconds=2.0)
            field.send("feedback.intake", Load(number, now()).feedback(f"PA-{number}-", 12))
            rest = messages[half:]
            worker.kill()
            worker.module = module
            worker.start()
        for worker in (first, second):
            worker.wait_ready()
        field.settle()
        assert (module is THIS) or is_written_by(other, read(field.place))
    field.send("dossier.intake", rest)
    field.settle()
    eventually(lambda: not foreign(read(field.place)), within=REFOLD_SECONDS, what="all folded by this release")
    field.settle()


def is_written_by(other: tuple[str, str], logs: Logs) -> bool:
    """Some states are those of the other release."""
    states = logs.latest("dossier.states").values()
    return any(TOMORROW in state if other == NEWER else not LATER & state.keys() for state in states)


def foreign(logs: Logs) -> list[str]:
    """Cases whose state has other fields, or stands under other rules, than this release writes."""
    found = [(case, state, kind) for name, kind in KNOWN.items() for case, state in logs.latest(name).items()]
    rules = {state["rules"] for _, state, _ in found}
    return [case for case, state, kind in found
            if len(rules) > 1 or state.keys() != {field.name for field in fields(kind)}]  # fmt: skip
