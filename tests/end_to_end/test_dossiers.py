"""Dossiers from HTTP to the legal clock, the alerts and back, through every process."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
from kafka import KafkaProducer

from casework.calendar import VIETNAM
from streams.topics import Topics
from tests.support.kafka import PARTITIONS
from tests.support.listening import Outcomes, hearing_outcomes
from tests.support.offsets import unread
from tests.support.system import System
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka

TOPICS = Topics(partitions=PARTITIONS)
ONE_HOUR = "2.001159"  # "Thông báo lưu trú": 1 hour
SHOWN_SECONDS = 30.0
OLD_DUE_SECONDS = 60.0
FLAGGED_SECONDS = 5.0
UNTIL_MOMENT = timedelta(seconds=12)
FLOOD, FLOOD_BEFORE = 20_000, 3.0  # so many, so many seconds before the first moment


@pytest.fixture
def outcomes(system: System) -> Iterator[Outcomes]:
    with hearing_outcomes(system.bootstrap, TOPICS.dossier.outcomes) as outcomes:
        yield outcomes


def now() -> datetime:
    """The second that it is in Vietnam."""
    return datetime.now(VIETNAM).replace(microsecond=0)


def post(system: System, **data: Any) -> None:
    text = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in data.items()}
    answer = system.post("/api/v1/dossier-events", text)
    assert answer.status == 202, answer.text


def shown(system: System, code: str, within: float = SHOWN_SECONDS, **expected: Any) -> dict[str, Any]:
    """The dossier as the API gives it, once its fields are as expected."""

    def matching() -> dict[str, Any] | None:
        answer = system.get(f"/api/v1/dossiers/{code}", "supervisor")
        state = answer.json() if answer.status == 200 else {}
        return state if state and all(state[name] == value for name, value in expected.items()) else None

    return eventually(matching, within=within, what=f"{code} shown with {expected}", every=0.2)


def listed(system: System, alert: str) -> set[str]:
    """Codes under an alert, page by page."""
    codes: set[str] = set()
    after = ""
    while True:
        page = system.get(f"/api/v1/dossiers?alert={alert}&after={after}", "supervisor").json()
        codes |= {item["dossier_code"] for item in page["items"]}
        if page["next"] is None:
            return codes
        after = page["next"]


def test_a_national_payload_shows_with_its_clock_running_and_the_deadline_explained(system: System) -> None:
    code, received = "H99.1-261119-0001", now() - timedelta(minutes=5)
    post(
        system, MaHoSo=code, TrangThai="2", NgayTiepNhan=f"{received:%Y%m%d%H%M%S}", MaTTHC=ONE_HOUR,
        DonViXuLy="LG.HCC", KenhThucHien="2", ChuHoSo="Bên nộp hồ sơ", Email="nguoi.nop@vi-du.example",
    )  # fmt: skip
    state = shown(system, code, clock="running")
    assert datetime.fromisoformat(state["due_at"]) == received + timedelta(hours=1)
    assert state["alert"] is None
    assert state["explanation"]
    assert "Bên nộp hồ sơ" not in json.dumps(state, ensure_ascii=False)


def test_own_names_show_the_same_way_and_the_date_of_the_receipt_slip_counts(system: System) -> None:
    code, received = "H99.1-261119-0002", now() - timedelta(days=1)
    due = (received + timedelta(days=20)).replace(hour=16, minute=0, second=0)
    post(system, dossier_code=code, status=2, occurred_at=received, received_at=received, due_at=due, agency="LG.HCC")
    state = shown(system, code, clock="running")
    assert (state["due"], state["alert"]) == (f"{due:%Y-%m-%d}", None)
    assert any(f"{due:%d/%m/%Y}" in line for line in state["explanation"])


def test_a_dossier_whose_due_date_passed_long_ago_is_overdue_within_seconds(system: System) -> None:
    code, received = "H99.1-261002-0003", now() - timedelta(days=50)
    post(system, dossier_code=code, status=2, occurred_at=received, due_at=received + timedelta(days=10))
    shown(system, code, within=OLD_DUE_SECONDS, alert="overdue", clock="running")
    assert code in listed(system, "overdue")


def test_an_old_dossier_that_ended_in_time_is_never_raised(system: System, outcomes: Outcomes) -> None:
    code, received = "H99.1-261002-0004", now() - timedelta(days=50)
    late = "H99.1-261002-0005"
    post(system, dossier_code=code, status=2, occurred_at=received, due_at=received + timedelta(days=10))
    post(system, dossier_code=code, status=9, occurred_at=received + timedelta(days=2))
    post(system, dossier_code=late, status=2, occurred_at=received, due_at=received + timedelta(days=10))
    outcomes.wait_for(late, "alert_raised", within=OLD_DUE_SECONDS)
    assert shown(system, code, clock="ended")["standing"] == "early"
    assert outcomes.of(code, "alert_raised") == []


def start_hour(system: System, code: str) -> datetime:
    """Begins a dossier with a limit of one hour that ends in a few seconds; returns that moment."""
    received = now() - timedelta(hours=1) + UNTIL_MOMENT
    post(system, dossier_code=code, status=2, occurred_at=received, procedure_code=ONE_HOUR)
    return received + timedelta(hours=1)


def check_raised_at(outcomes: Outcomes, code: str, moment: datetime) -> None:
    heard = outcomes.wait_for(code, "alert_raised", within=UNTIL_MOMENT.total_seconds() + OLD_DUE_SECONDS)
    assert (heard.outcome.alert, heard.outcome.at) == ("overdue", moment)
    assert 0 <= heard.delay <= FLAGGED_SECONDS
    assert len(outcomes.of(code, "alert_raised")) == 1


def test_a_limit_in_hours_is_flagged_at_its_moment_and_retracted_by_an_end_that_comes_late(
    system: System, outcomes: Outcomes
) -> None:
    code = "H99.1-261119-0006"
    moment = start_hour(system, code)
    check_raised_at(outcomes, code, moment)
    shown(system, code, alert="overdue")
    assert code in listed(system, "overdue")
    post(system, dossier_code=code, status=9, occurred_at=now(), finished_at=moment - timedelta(minutes=5))
    raised = outcomes.of(code, "alert_raised")[0].outcome
    assert outcomes.wait_for(code, "alert_retracted", within=SHOWN_SECONDS).outcome.alert_id == raised.alert_id
    state = shown(system, code, alert=None, clock="ended")
    assert state["standing"] != "late"
    assert code not in listed(system, "overdue")


def flood(bootstrap: str) -> None:
    """Twenty thousand pieces of feedback at once, past the web."""
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=20)) as producer:
        for number in range(FLOOD):
            text = f"Đèn đường số {number} ở đầu ngõ hỏng đã {number % 9 + 2} ngày, tối đi lại rất khó"
            value = {"feedback_id": f"flood-{number}", "text": text, "channel": "portal"}
            producer.send(TOPICS.feedback_intake, json.dumps(value).encode(), key=b"%d" % number)
        producer.flush()


def test_a_flood_of_feedback_delays_no_deadline(system: System, outcomes: Outcomes) -> None:
    codes = [f"H99.1-261119-{number}" for number in range(1000, 1010)]
    moments = {code: start_hour(system, code) for code in codes}
    time.sleep(max(0.0, (min(moments.values()) - datetime.now(VIETNAM)).total_seconds() - FLOOD_BEFORE))
    flood(system.bootstrap)
    outcomes.wait_for(codes[0], "alert_raised", within=OLD_DUE_SECONDS)
    assert unread(system.bootstrap, TOPICS.intake_app, TOPICS.feedback_intake), "no flood at the moment: send more"
    for code, moment in moments.items():
        check_raised_at(outcomes, code, moment)
