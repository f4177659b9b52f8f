"""The broker answers with an error, of each API and each kind that it may give; some after it did what was asked.

Codes: Kafka's protocol, "Error codes"; which API gives which: the broker's handlers of these requests.
"""

from itertools import count

import pytest

from tests.support.faults import Field, now
from tests.support.faults_crew import Crew
from tests.support.faults_load import Load, Message
from tests.support.proxy_errors import Api, Injected
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka
GIVEN_SECONDS = 90.0
TIMES, TIMES_FATAL = 5, 2
UNKNOWN, OUT_OF_RANGE, CORRUPT, NO_PARTITION, NO_LEADER, NOT_LEADER, TIMED_OUT, TOO_LARGE = -1, 1, 2, 3, 5, 6, 7, 10
LOADING, NO_COORDINATOR, NOT_COORDINATOR, FEW_REPLICAS, FEW_AFTER_APPEND = 14, 15, 16, 19, 20
GENERATION, PROTOCOL, MEMBER, SESSION, REBALANCE, COMMIT_SIZE = 22, 23, 25, 26, 27, 28
TOPIC_FORBIDDEN, GROUP_FORBIDDEN, STORAGE, OLD_EPOCH, NEW_EPOCH, NO_OFFSET = 29, 30, 56, 74, 75, 78
NAME_FIRST, FULL, INVALID_RECORD = 79, 81, 87
# asked again by the client itself, or answered by joining the group anew
PASSING = {
    Api.PRODUCE: [NO_PARTITION, NO_LEADER, NOT_LEADER, TIMED_OUT, FEW_REPLICAS, FEW_AFTER_APPEND, STORAGE],
    Api.FETCH: [OUT_OF_RANGE, NO_PARTITION, NOT_LEADER, STORAGE, OLD_EPOCH, NEW_EPOCH, NO_OFFSET, UNKNOWN],
    Api.LIST_OFFSETS: [NO_PARTITION, NOT_LEADER, STORAGE, NO_OFFSET],
    Api.METADATA: [NO_PARTITION, NO_LEADER],
    Api.FIND_COORDINATOR: [LOADING, NO_COORDINATOR],
    Api.JOIN_GROUP: [LOADING, NO_COORDINATOR, NOT_COORDINATOR, MEMBER, REBALANCE, NAME_FIRST],
    Api.SYNC_GROUP: [LOADING, NO_COORDINATOR, NOT_COORDINATOR, GENERATION, MEMBER, REBALANCE],
    Api.HEARTBEAT: [LOADING, NO_COORDINATOR, NOT_COORDINATOR, GENERATION, MEMBER, REBALANCE],
    Api.OFFSET_COMMIT: [NO_PARTITION, TIMED_OUT, LOADING, NO_COORDINATOR, NOT_COORDINATOR,
                        GENERATION, MEMBER, REBALANCE],
    Api.OFFSET_FETCH: [LOADING, NO_COORDINATOR, NOT_COORDINATOR],
}  # fmt: skip
# nothing that a client could do about; the process may end or say that it is ill, and is started again
FATAL = {
    Api.PRODUCE: [UNKNOWN, CORRUPT, TOO_LARGE, TOPIC_FORBIDDEN, INVALID_RECORD],
    Api.FETCH: [TOPIC_FORBIDDEN],
    Api.LIST_OFFSETS: [TOPIC_FORBIDDEN],
    Api.METADATA: [TOPIC_FORBIDDEN],
    Api.FIND_COORDINATOR: [GROUP_FORBIDDEN],
    Api.JOIN_GROUP: [UNKNOWN, PROTOCOL, SESSION, GROUP_FORBIDDEN, FULL],
    Api.SYNC_GROUP: [UNKNOWN, GROUP_FORBIDDEN],
    Api.HEARTBEAT: [UNKNOWN, GROUP_FORBIDDEN],
    Api.OFFSET_COMMIT: [UNKNOWN, COMMIT_SIZE, TOPIC_FORBIDDEN, GROUP_FORBIDDEN],
    Api.OFFSET_FETCH: [GROUP_FORBIDDEN],
}
CHANGING = {Api.PRODUCE, Api.JOIN_GROUP, Api.SYNC_GROUP, Api.OFFSET_COMMIT}
# asked when a worker comes
JOINING = {Api.FIND_COORDINATOR, Api.JOIN_GROUP, Api.SYNC_GROUP, Api.OFFSET_FETCH, Api.METADATA}
AT_ONCE = {(Api.PRODUCE, TIMED_OUT, True), (Api.SYNC_GROUP, UNKNOWN, True)}
# of the processes around the case workers: what each asks of the broker, and errors with different consequences
AROUND = {
    "admit": {
        Api.PRODUCE: [(TIMED_OUT, True), (NOT_LEADER, False), (UNKNOWN, True), (TOPIC_FORBIDDEN, False)],
        Api.FETCH: [(OUT_OF_RANGE, True), (TOPIC_FORBIDDEN, True)],
        Api.LIST_OFFSETS: [(NOT_LEADER, True), (TOPIC_FORBIDDEN, True)],
        Api.METADATA: [(NO_LEADER, True)],
        Api.FIND_COORDINATOR: [(NO_COORDINATOR, True), (GROUP_FORBIDDEN, True)],
        Api.JOIN_GROUP: [(NOT_COORDINATOR, False), (FULL, True)],
        Api.SYNC_GROUP: [(GENERATION, False), (UNKNOWN, True)],
        Api.HEARTBEAT: [(MEMBER, True), (GROUP_FORBIDDEN, True)],
        Api.OFFSET_COMMIT: [(GENERATION, True), (NOT_COORDINATOR, False), (GROUP_FORBIDDEN, False)],
        Api.OFFSET_FETCH: [(NOT_COORDINATOR, True), (GROUP_FORBIDDEN, True)],
    },
    "intake": {
        Api.PRODUCE: [(FEW_AFTER_APPEND, True), (CORRUPT, True), (TOPIC_FORBIDDEN, False)],
        Api.FETCH: [(OUT_OF_RANGE, True)],
        Api.JOIN_GROUP: [(MEMBER, False)],
        Api.SYNC_GROUP: [(REBALANCE, True)],
        Api.HEARTBEAT: [(GENERATION, True)],
        Api.OFFSET_COMMIT: [(MEMBER, True), (UNKNOWN, False)],
        Api.OFFSET_FETCH: [(LOADING, True)],
    },
    "projector": {
        Api.FETCH: [(OUT_OF_RANGE, True), (NOT_LEADER, True), (UNKNOWN, True), (TOPIC_FORBIDDEN, True)],
        Api.LIST_OFFSETS: [(NOT_LEADER, True), (TOPIC_FORBIDDEN, True)],
        Api.METADATA: [(NO_LEADER, True), (TOPIC_FORBIDDEN, True)],
        Api.FIND_COORDINATOR: [(NO_COORDINATOR, True), (GROUP_FORBIDDEN, True)],
        Api.OFFSET_COMMIT: [(NOT_COORDINATOR, False), (GENERATION, True), (GROUP_FORBIDDEN, False)],
    },
}  # fmt: skip
# asked after work only, and by the projector once for all that it has to tell
SELDOM = {Api.OFFSET_COMMIT: 2, Api.FIND_COORDINATOR: 1}
AROUND_AT_ONCE = {("admit", Api.PRODUCE, TIMED_OUT), ("projector", Api.FETCH, OUT_OF_RANGE)}
_reports = count(1)


def cases() -> list[object]:
    """Each error of what changes something comes in both forms: refused, and done all the same."""
    return [
        pytest.param(api, code, done, times, id=f"{api.name.lower()}-{code}-{'done' if done else 'refused'}",
                     marks=[] if (api, code, done) in AT_ONCE else pytest.mark.long_fault)
        for table, times in ((PASSING, TIMES), (FATAL, TIMES_FATAL))
        for api, codes in table.items() for code in codes for done in ((False, True) if api in CHANGING else (True,))
    ]  # fmt: skip


def around(*names: str) -> list[object]:
    """The errors of the named processes."""
    return [
        pytest.param(name, Injected(api, code, times(api, code), done),
                     id=f"{name}-{api.name.lower()}-{code}-{'done' if done else 'refused'}",
                     marks=[] if (name, api, code) in AROUND_AT_ONCE else pytest.mark.long_fault)
        for name in names for api, errors in AROUND[name].items() for code, done in errors
    ]  # fmt: skip


def times(api: Api, code: int) -> int:
    """How often an error is given around the case workers."""
    return SELDOM.get(api, TIMES if code in PASSING[api] else TIMES_FATAL)


@pytest.mark.parametrize(("api", "code", "done", "times"), cases())
def test_an_error_of_the_broker_loses_nothing(crew: Crew, api: Api, code: int, done: bool, times: int) -> None:
    injected = Injected(api, code, times, done)
    endure(crew.field, ["cases-0", "cases-1"], injected, "dossier.intake", crew.storm(100))


@pytest.mark.parametrize(("name", "injected"), around("admit", "projector"))
def test_an_error_around_the_case_workers_loses_nothing(crew: Crew, name: str, injected: Injected) -> None:
    endure(crew.field, [name], injected, "dossier.intake", crew.storm(100))


@pytest.mark.parametrize(("name", "injected"), around("intake"))
def test_an_error_while_reports_are_classified_loses_nothing(office: Field, name: str, injected: Injected) -> None:
    number = next(_reports)
    endure(office, [name], injected, "feedback.intake", Load(number, now()).feedback(f"PA-{number}-", 40))


def endure(field: Field, names: list[str], injected: Injected, topic: str, messages: list[Message]) -> None:
    """A third of the messages comes before, one with, one after all errors; then everything stands as it must."""
    proxies = [field.ground.proxies[name] for name in names]
    third = len(messages) // 3

    def all_given() -> bool:
        field.tend()
        field.send(topic, messages[:4])  # again: who has nothing to do commits nothing
        return injected.given >= injected.times

    for proxy in proxies:
        proxy.injected = injected
    field.send(topic, messages[:third], seconds=1)
    if injected.api in JOINING:
        last = next(worker for worker in field.workers if worker.name == names[-1])
        last.stop()
        last.start()
    field.send(topic, messages[third : 2 * third], seconds=1)
    eventually(all_given, within=GIVEN_SECONDS, what="all errors given", every=1.0)
    field.send(topic, messages[2 * third :], seconds=1)
    for proxy in proxies:
        proxy.heal()
    field.settle()
