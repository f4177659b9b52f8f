"""The broker answers with an error, of each API and each kind that it may give; some after it did what was asked.

Codes: Kafka's protocol, "Error codes"; which API gives which: the broker's handlers of these requests.
"""

import pytest

from tests.support.faults_crew import Crew
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


def cases() -> list[object]:
    """Each error of what changes something comes in both forms: refused, and done all the same."""
    return [
        pytest.param(api, code, done, times, id=f"{api.name.lower()}-{code}-{'done' if done else 'refused'}",
                     marks=[] if (api, code, done) in AT_ONCE else pytest.mark.long_fault)
        for table, times in ((PASSING, TIMES), (FATAL, TIMES_FATAL))
        for api, codes in table.items() for code in codes for done in ((False, True) if api in CHANGING else (True,))
    ]  # fmt: skip


@pytest.mark.parametrize(("api", "code", "done", "times"), cases())
def test_an_error_of_the_broker_loses_nothing(crew: Crew, api: Api, code: int, done: bool, times: int) -> None:
    injected = Injected(api, code, times, done)

    def all_given() -> bool:
        crew.field.tend()
        return injected.given >= times

    messages = crew.storm(100)
    half = len(messages) // 2
    for proxy in crew.field.ground.proxies:
        proxy.injected = injected
    crew.field.send("dossier.intake", messages[:half], seconds=2)
    if api in JOINING:
        crew.second.stop()
        crew.second.start()
    eventually(all_given, within=GIVEN_SECONDS, what="all errors given")
    crew.field.send("dossier.intake", messages[half:], seconds=2)
    crew.leave()
    crew.field.settle()
