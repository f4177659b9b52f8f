"""Whether Kafka answers now, not whether it once did."""

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

CHECK_SECONDS = 1.0
TIMEOUT_MS = 1000


class BrokerCheck:
    """Asks the brokers for a topic's metadata, at most once a second; who asks more often gets the last answer."""

    def __init__(self, bootstrap: str, topic: str, security: Mapping[str, Any]) -> None:
        self._bootstrap, self._topic, self._security = bootstrap, topic, security
        self._client: KafkaAdminClient | None = None
        self._lock, self._asked, self._good = threading.Lock(), float("-inf"), False

    def answers(self) -> bool:
        """Takes at most a second or two, also when nobody answers."""
        with self._lock:
            if time.monotonic() - self._asked >= CHECK_SECONDS:
                self._good = self._ask()
                self._asked = time.monotonic()
            return self._good

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(KafkaError):
                client.close()

    def _ask(self) -> bool:
        try:
            self._client = self._client or self._connect()
            found = self._client.describe_topics([self._topic])
        except KafkaError:
            self.close()
            return False
        return all(topic["error_code"] == 0 and topic["partitions"] for topic in found)

    def _connect(self) -> KafkaAdminClient:
        return KafkaAdminClient(
            bootstrap_servers=self._bootstrap,
            request_timeout_ms=TIMEOUT_MS,
            bootstrap_timeout_ms=TIMEOUT_MS,
            **self._security,
        )
