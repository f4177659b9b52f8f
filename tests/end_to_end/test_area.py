"""A citizen who only names the place in the text is found on the map of today's communes."""

import pytest

from tests.support.system import System
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

WITHIN = 90.0
TEXT = "Cống thoát nước ở phường Bến Thành, TP.HCM bị nghẹt, nước thải tràn lên vỉa hè ba hôm nay"


def test_the_commune_in_the_text_becomes_the_area_of_the_case(system: System) -> None:
    answer = system.post("/api/v1/feedback", {"text": TEXT, "channel": "app"})
    assert answer.status == 202, answer.text
    case = f"/api/v1/feedback/{answer.json()['feedback_id']}"
    eventually(
        lambda: system.get(case, "operator").json().get("area") == "Phường Bến Thành",
        within=WITHIN,
        what="the case has its commune",
        every=0.5,
    )
