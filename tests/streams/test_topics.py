"""The one list of topics: names, lanes, and how long each is kept."""

import pytest

from streams.topics import DAY_MS, SPECS, Topics

KEPT = {
    "delete for ever": {
        "dossier.events", "dossier.outcomes", "feedback.events", "feedback.outcomes", "restricted.events",
        "restricted.outcomes",
    },
    "delete 30 days": {"dossier.intake", "feedback.intake"},
    "delete 1 day": {"dossier.ticks", "feedback.ticks", "restricted.ticks"},
    "compact": {
        "dossier.states", "feedback.states", "restricted.states", "feedback.texts", "restricted.texts", "dead.letters",
    },
}  # fmt: skip
BY_NAME = {spec.name: spec for spec in SPECS}


def how(spec):
    if spec.config["cleanup.policy"] == "compact":
        return "compact"
    days = int(spec.config["retention.ms"]) / DAY_MS
    return "delete for ever" if days < 0 else f"delete {days:g} day{'s' if days > 1 else ''}"


def test_the_topics_are_those_of_the_contract_each_kept_as_long_as_it_says():
    assert {kind: {spec.name for spec in SPECS if how(spec) == kind} for kind in KEPT} == KEPT
    assert len(BY_NAME) == len(SPECS) == 17


@pytest.mark.parametrize("name", sorted(KEPT["delete 30 days"]))
def test_an_intake_keeps_its_days_by_the_brokers_clock_and_lets_go_of_them_daily(name):
    config = BY_NAME[name].config
    assert config["message.timestamp.type"] == "LogAppendTime"
    assert int(config["segment.ms"]) == DAY_MS


@pytest.mark.parametrize("name", sorted(KEPT["compact"]))
def test_what_was_erased_leaves_the_files_within_a_day_and_its_tombstone_stays_a_month(name):
    config = BY_NAME[name].config
    assert int(config["max.compaction.lag.ms"]) == DAY_MS
    assert int(config["delete.retention.ms"]) == 30 * DAY_MS


def test_every_setting_is_text_as_kafka_wants_it():
    assert all(isinstance(value, str) for spec in SPECS for value in spec.config.values())


@pytest.mark.parametrize("lane", ["dossier", "feedback", "restricted"])
def test_the_topics_of_a_lane_are_all_in_the_list(lane):
    found = Topics().lane(lane)
    names = {found.events, found.states, found.outcomes, found.ticks} | ({found.texts} if found.texts else set())
    assert names <= set(BY_NAME)
    assert all(name.startswith(f"{lane}.") for name in names)


def test_dossiers_have_no_texts_and_feedback_of_either_lane_has():
    topics = Topics()
    assert topics.dossier.texts is None
    assert topics.feedback.texts == "feedback.texts"
    assert topics.restricted.texts == "restricted.texts"


def test_the_two_lanes_of_feedback_share_no_topic():
    def names(lane):
        return {lane.events, lane.states, lane.outcomes, lane.ticks, lane.texts}

    assert not names(Topics().feedback) & names(Topics().restricted)


def test_a_prefix_goes_before_topics_groups_and_apps():
    topics = Topics(prefix="thu.")
    names = [
        topics.named("dossier.intake"), topics.dossier_intake, topics.feedback_intake, topics.dead_letters,
        topics.dossier.events, topics.feedback.texts, topics.restricted.ticks, topics.admit_app, topics.intake_app,
        topics.cases_app, topics.projector_group,
    ]  # fmt: skip
    assert all(name.startswith("thu.") for name in names)
    assert [name.removeprefix("thu.") for name in names[7:]] == [
        "langnghe-admit", "langnghe-intake", "langnghe-cases", "langnghe-projector",
    ]  # fmt: skip


def test_there_are_twelve_partitions_unless_a_setting_says_otherwise():
    assert Topics().partitions == 12
    assert Topics(partitions=3).partitions == 3
