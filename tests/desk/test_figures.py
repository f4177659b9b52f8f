"""The gauges of the state of the province say what stands in the read model, of the public lane only."""

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry

from casework.dossiers import Transition
from casework.feedback import FeedbackEvent
from desk import metrics
from desk.figures import Figures, show_figures
from desk.store.tables import metadata
from tests.support.desk import NOON, TOPICS, TestDesk, opened

pytestmark = pytest.mark.databases
DAY = timedelta(days=1)


def registry(desk: TestDesk) -> CollectorRegistry:
    found = CollectorRegistry()
    show_figures(found, desk.feed.engine, lambda: desk.now, {"LG.SYT"})
    return found


def received(desk: TestDesk, code: str, agency: str = "LG.SYT", alert: str | None = None, **fields: object) -> None:
    due = datetime(2026, 9, 14, 16, 59, 59, tzinfo=UTC)
    step = {"status": 2, "due_at": due, "agency": agency, "level": "commune", "source": "/mot-cua"}
    desk.feed.dossier(code, Transition(at=NOON - 10 * DAY, **(step | fields)), alert=alert)  # type: ignore[arg-type]


def test_open_dossiers_are_counted_by_level_and_by_agency_with_their_alert(desk: TestDesk) -> None:
    received(desk, "H99.11-260901-0001")
    received(desk, "H99.11-260901-0002", alert="overdue")
    received(desk, "H99.11-260901-0003", agency="0912345678", alert="overdue")
    value = registry(desk).get_sample_value
    assert value("langnghe_open_dossiers", {"level": "commune", "alert": "none"}) == 1
    assert value("langnghe_open_dossiers", {"level": "commune", "alert": "overdue"}) == 2
    assert value("langnghe_agency_open_dossiers", {"agency": "LG.SYT", "alert": "overdue"}) == 1
    assert value("langnghe_agency_open_dossiers", {"agency": "unknown", "alert": "overdue"}) == 1
    assert value("langnghe_month_received_dossiers", {"level": "commune"}) == 3
    assert value("langnghe_read_model_cases", {"kind": "dossier"}) == 3


def test_a_dossier_that_ended_this_month_is_open_no_more(desk: TestDesk) -> None:
    due = datetime(2026, 9, 14, 16, 59, 59, tzinfo=UTC)
    begun = Transition(at=NOON - 10 * DAY, status=2, due_at=due, level="province", source="/mot-cua")
    desk.feed.dossier("H99.11-260901-0001", begun, Transition(at=NOON, status=9, source="/mot-cua"))
    value = registry(desk).get_sample_value
    assert value("langnghe_open_dossiers", {"level": "province", "alert": "none"}) is None
    assert value("langnghe_month_ended_dossiers", {"level": "province", "standing": "on_time"}) == 1
    assert value("langnghe_read_model_cases", {"kind": "dossier"}) == 0


def test_last_month_is_no_part_of_this_month(desk: TestDesk) -> None:
    desk.now = datetime(2026, 8, 31, 17, 0, tzinfo=UTC)  # the 1st of September in Vietnam
    desk.feed.dossier("a", Transition(at=desk.now - timedelta(seconds=1), status=2, level="commune", source="/x"))
    desk.feed.dossier("b", Transition(at=desk.now, status=2, level="commune", source="/x"))
    assert registry(desk).get_sample_value("langnghe_month_received_dossiers", {"level": "commune"}) == 1


def test_signs_of_wrong_procedure_are_counted_by_rule_while_a_dossier_is_open_and_in_the_month_of_its_end(desk) -> None:
    begun = {"status": 2, "level": "commune", "source": "/mot-cua"}
    twice = [Transition(at=NOON - (9 - n) * DAY, status=5 - n % 2, source="/mot-cua") for n in range(3)]
    desk.feed.dossier("open", Transition(at=NOON - 10 * DAY, **begun), *twice)
    for code, ended in (("this month", NOON), ("last month", NOON - 20 * DAY)):
        refused = Transition(at=ended, status=3, source="/mot-cua")
        promised = Transition(at=ended - 30 * DAY, due_at=ended - 2 * DAY, **begun)
        desk.feed.dossier(code, promised, refused)
    found = registry(desk).get_sample_value
    counts = {rule: found("langnghe_violating_cases", {"kind": "dossier", "rule": rule})
              for rule in ("second_supplement", "late_refusal", "late_supplement")}  # fmt: skip
    assert counts == {"second_supplement": 1, "late_refusal": 1, "late_supplement": None}


def test_a_late_question_to_the_citizen_counts_while_the_feedback_is_open(desk: TestDesk) -> None:
    asked = FeedbackEvent(id="x", type="info_requested", at=NOON)
    desk.feed.feedback("a", opened("a", kind="conduct", at=NOON - 20 * DAY), asked)
    labels = {"kind": "feedback", "rule": "late_info_request"}
    assert registry(desk).get_sample_value("langnghe_violating_cases", labels) == 1


def test_open_feedback_is_counted_by_domain_channel_and_agency(desk: TestDesk) -> None:
    desk.feed.feedback("a", opened("a", urgency="urgent", at=NOON - timedelta(hours=1)))
    desk.feed.feedback("b", opened("b"), FeedbackEvent(id="x", type="assigned", at=NOON, agency="LG.SYT"))
    value = registry(desk).get_sample_value
    assert value("langnghe_open_feedback", {"domain": "environment", "alert": "none"}) == 2
    assert value("langnghe_open_feedback_by_channel", {"channel": "hotline", "urgency": "urgent"}) == 1
    assert value("langnghe_agency_open_feedback", {"agency": "LG.SYT", "alert": "none"}) == 1
    assert value("langnghe_untaken_feedback", {"urgency": "urgent"}) == 1
    assert value("langnghe_untaken_feedback", {"urgency": "normal"}) is None
    oldest = value("langnghe_oldest_untaken_timestamp_seconds", {"urgency": "urgent"})
    assert oldest == (NOON - timedelta(hours=1)).timestamp()
    assert value("langnghe_read_model_cases", {"kind": "feedback"}) == 2


def test_what_became_of_proposals_is_counted_by_the_domain_that_was_proposed(desk: TestDesk) -> None:
    desk.feed.feedback("a", opened("a", domain="land", abstained=True))
    wrong = FeedbackEvent(id="x", type="corrected", at=NOON, domain="traffic")
    desk.feed.feedback("b", opened("b", domain="land"), wrong)
    desk.feed.feedback("old", opened("old", domain="land", at=NOON - 31 * DAY))
    value = registry(desk).get_sample_value
    fates = {fate: value("langnghe_proposals", {"domain": "land", "fate": fate})
             for fate in ("made", "abstained", "checked", "changed")}  # fmt: skip
    assert fates == {"made": 2, "abstained": 1, "checked": 1, "changed": 1}


def test_nothing_of_the_restricted_lane_is_in_any_figure(desk: TestDesk) -> None:
    empty = list(registry(desk).collect())
    desk.feed.feedback("b", opened("b", lane="to_cao", urgency="urgent"), text="Nội dung kín", lane="restricted")
    assert list(registry(desk).collect()) == empty


def test_the_heartbeat_is_a_time_by_way_and_in_no_count(desk: TestDesk) -> None:
    desk.feed.put(TOPICS.dossier.states, "HB-2026091412", b"{}", at=NOON)
    desk.feed.put(str(TOPICS.feedback.texts), "HB-2026091412/e", b"{}", at=NOON + DAY)
    value = registry(desk).get_sample_value
    assert value("langnghe_heartbeat_timestamp_seconds", {"way": "dossier"}) == NOON.timestamp()
    assert value("langnghe_heartbeat_timestamp_seconds", {"way": "classify"}) == (NOON + DAY).timestamp()
    assert value("langnghe_heartbeat_timestamp_seconds", {"way": "feedback"}) is None
    assert value("langnghe_read_model_cases", {"kind": "dossier"}) == 0


def test_a_read_model_that_cannot_be_read_shows_no_old_figures(desk: TestDesk) -> None:
    received(desk, "H99.11-260901-0001")
    figures = Figures(desk.feed.engine, lambda: desk.now, set(), fresh_seconds=0)
    assert list(figures.collect())
    metadata.drop_all(desk.feed.engine)
    figures._until = 0.0  # whatever the first count cost
    assert not list(figures.collect())


def test_the_read_model_is_not_counted_anew_at_every_scrape(desk: TestDesk) -> None:
    found = registry(desk)
    list(found.collect())
    received(desk, "H99.11-260901-0001")
    assert found.get_sample_value("langnghe_read_model_cases", {"kind": "dossier"}) == 0


@pytest.mark.parametrize("family", ["langnghe_open_dossiers", "langnghe_proposals", "langnghe_read_model_cases"])
def test_figures_carry_the_labels_of_the_catalogue(desk: TestDesk, family: str) -> None:
    received(desk, "H99.11-260901-0001")
    desk.feed.feedback("a", opened("a"))
    found = {one.name: one for one in registry(desk).collect()}
    assert {tuple(sample.labels) for sample in found[family].samples} == {metrics.spec(family).labels}
