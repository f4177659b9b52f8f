"""What aiokafka's coordinator leaves out, on a stand-in that answers as a broker would."""

from typing import Any

import pytest
from aiokafka.errors import CoordinatorLoadInProgressError, GroupAuthorizationFailedError, NotCoordinatorError
from aiokafka.protocol.commit import OffsetFetchRequest, OffsetFetchResponse_v3
from aiokafka.protocol.group import HeartbeatRequest, HeartbeatResponse_v1

from streams.coordinator import refuse_offsets_of_failed_answers, tell_heartbeats

COMMITS = OffsetFetchRequest("group", [("topic", [0])])


class Coordinator:
    """Answers every request in the same way; its heartbeats are confirmed or not."""

    def __init__(self, answer: Any = None, *, confirmed: bool = True) -> None:
        self.answer, self.confirmed, self.dead = answer, confirmed, False

    async def _send_req(self, request: Any) -> Any:
        return self.answer

    async def _do_heartbeat(self) -> bool:
        return self.confirmed

    def coordinator_dead(self) -> None:
        self.dead = True


def strict(answer: Any) -> Coordinator:
    coordinator = Coordinator(answer)
    refuse_offsets_of_failed_answers(coordinator)
    return coordinator


@pytest.mark.parametrize(("code", "error", "dead"), [
    (14, CoordinatorLoadInProgressError, False), (16, NotCoordinatorError, True),
    (30, GroupAuthorizationFailedError, False),
])  # fmt: skip
async def test_commits_that_the_broker_cannot_tell_are_not_taken_for_none(
    code: int, error: type[Exception], dead: bool
) -> None:
    coordinator = strict(OffsetFetchResponse_v3(0, [], code))
    with pytest.raises(error):
        await coordinator._send_req(COMMITS)
    assert coordinator.dead == dead


async def test_commits_that_the_broker_tells_are_passed_on() -> None:
    answer = OffsetFetchResponse_v3(0, [("topic", [(0, 7, "", 0)])], 0)
    assert await strict(answer)._send_req(COMMITS) is answer


async def test_errors_of_other_answers_are_left_to_aiokafka() -> None:
    answer = HeartbeatResponse_v1(0, 27)
    assert await strict(answer)._send_req(HeartbeatRequest("group", 1, "member")) is answer


@pytest.mark.parametrize("confirmed", [True, False])
async def test_only_confirmed_heartbeats_are_told(confirmed: bool) -> None:
    told: list[float] = []
    coordinator = Coordinator(confirmed=confirmed)
    tell_heartbeats(coordinator, told.append)
    assert await coordinator._do_heartbeat() == confirmed
    assert len(told) == confirmed
