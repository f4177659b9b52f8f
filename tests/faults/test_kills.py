"""kill -9 at the worst moments: what stands afterwards is what the inputs alone come to."""

import pytest

from tests.support.faults import Field, now
from tests.support.faults_load import Load, in_turns, shaken
from tests.support.offsets import count
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka


def test_a_case_worker_killed_in_the_middle_of_the_load_loses_nothing(field: Field) -> None:
    _, victim, *_ = field.crew("admit", "cases-0", "cases-1", "projector")
    load = Load(1, now())
    messages = shaken(in_turns(load.dossiers("H99.1-260907-", 600)), 1)
    half = len(messages) // 2
    field.send("dossier.intake", messages[:half])
    eventually(lambda: count(field.ground.bootstrap, field.topics.dossier.states), within=60, what="some states")
    victim.kill()
    field.send("dossier.intake", messages[half:])
    victim.start()
    field.settle()
