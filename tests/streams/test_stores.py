"""Whether the topics are there, by what Kafka answers before a store is opened."""

from typing import Any

import pytest

from streams.provision import TopicsError
from streams.stores import _check


def topic(code: int, partitions: int = 4) -> dict[str, Any]:
    return {"name": "dossier.states", "error_code": code, "partitions": [{}] * partitions}


def test_a_topic_that_is_not_there_is_to_be_created() -> None:
    with pytest.raises(TopicsError, match=r"chưa có topic dossier\.states; hãy chạy: langnghe topics create"):
        _check([topic(3, 0)], 4)


@pytest.mark.parametrize(("code", "name"), [(5, "LeaderNotAvailable"), (29, "TopicAuthorizationFailed")])
def test_a_topic_that_kafka_does_not_tell_about_is_not_called_missing(code: int, name: str) -> None:
    with pytest.raises(TopicsError, match=f"Kafka chưa cho biết về topic .*{name}"):
        _check([topic(3, 0), topic(code, 0) | {"name": "dossier.ticks"}], 4)


def test_topics_as_they_should_be_are_passed() -> None:
    _check([topic(0)], 4)
