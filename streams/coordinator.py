"""What the coordinator of aiokafka's group leaves out: when it was last confirmed, errors of a whole answer, notes
beside what is committed.
"""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from aiokafka.errors import CoordinatorNotAvailableError, NoError, NotCoordinatorError, for_code
from aiokafka.protocol.commit import OffsetFetchRequest
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.types import TP


def tell_heartbeats(coordinator: Any, confirmed: Callable[[float], None]) -> None:
    """Calls `confirmed` with the monotonic time at which a heartbeat was sent that the broker then confirmed."""
    beat = coordinator._do_heartbeat

    async def told() -> bool:
        asked = time.monotonic()
        good: bool = await beat()
        if good:
            confirmed(asked)
        return good

    coordinator._do_heartbeat = told


def refuse_offsets_of_failed_answers(coordinator: Any) -> None:
    """Raises the error of a whole answer about commits, which aiokafka does not read.

    It would believe that the group has committed nothing, and read everything again from the first record.
    """
    ask = coordinator._send_req

    async def checked(request: Any) -> Any:
        answer = await ask(request)
        error = for_code(answer.error_code) if isinstance(request, OffsetFetchRequest) else NoError
        if error in {CoordinatorNotAvailableError, NotCoordinatorError}:
            coordinator.coordinator_dead()
        if error is not NoError:
            raise error
        return answer

    coordinator._send_req = checked


def note_with_commits(consumer: Any, note: Callable[[TP], str]) -> None:
    """Each offset is committed with a word of ours on its partition."""
    commit = consumer.commit

    async def noted(offsets: Mapping[Any, Any]) -> None:
        await commit({tp: OffsetAndMetadata(one.offset, note(TP(*tp))) for tp, one in offsets.items()})

    consumer.commit = noted


async def notes_of_commits(coordinator: Any, tps: Collection[TP]) -> dict[TP, str]:
    """The words beside what was last committed, by whichever member."""
    found = await coordinator.fetch_committed_offsets([TopicPartition(*tp) for tp in tps])
    return {TP(*tp): one.metadata for tp, one in found.items() if one.metadata}
