"""The classifier raises or hangs: no report is lost, and none holds the others up for ever."""

import json

import pytest

from tests.support.faults import Field, now
from tests.support.faults_load import Load
from tests.support.faults_sick import BUSY, POISON, WELL
from tests.support.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.long_fault]
REPORTS = 120


@pytest.mark.parametrize("illness", ["raises", "hangs"])
def test_a_classifier_that_raises_or_hangs_for_a_while_loses_nothing(field: Field, illness: str) -> None:
    well = field.data / "well"
    field.crew("cases-0", "projector")
    intake = field.worker("intake", illness=illness, environment={WELL: str(well)})
    field.send("feedback.intake", Load(3, now()).feedback("PA-", REPORTS))
    eventually(intake.tend, within=150, what="the sick worker is started again", every=1.0)
    well.touch()
    field.settle(180)


def test_a_worker_stopped_in_order_while_it_classifies_reads_the_reports_again(field: Field) -> None:
    well = field.data / "well"
    field.crew("cases-0", "projector")
    intake = field.worker("intake", illness="dawdles", environment={WELL: str(well)})
    intake.wait_ready()
    field.send("feedback.intake", Load(3, now()).feedback("PA-", REPORTS))
    eventually((field.data / BUSY).exists, within=60, what="a batch is being classified")
    intake.stop()
    well.touch()
    intake.start()
    field.settle(180)


def test_a_text_at_which_the_classifier_always_raises_is_a_dead_letter_and_holds_nothing_up(field: Field) -> None:
    field.crew("cases-0", "projector")
    field.worker("intake", illness="poisoned")
    reports = Load(3, now()).feedback("PA-", REPORTS)
    poison = json.loads(reports[7][1]) | {"feedback_id": "PA-poison", "text": f"Đèn hỏng {POISON}"}
    field.send("feedback.intake", [*reports[:60], ("PA-poison", json.dumps(poison).encode()), *reports[60:]])
    field.settle(180)


def test_reports_and_decisions_are_told_and_kept_as_the_law_says_through_kills(field: Field) -> None:
    intake, first, _, _ = field.crew("intake", "cases-0", "cases-1", "projector")
    load = Load(4, now())
    reports = load.feedback("PA-", 300)
    field.send("feedback.intake", reports[:150])
    intake.kill()
    field.send("feedback.events", [*load.decisions(reports[::2]), *load.turns(reports[1::2])])
    intake.start()
    first.kill()
    field.send("feedback.intake", [*reports[150:], *reports[::3]])
    first.start()
    field.settle(180)
