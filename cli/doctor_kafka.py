"""What `langnghe doctor` finds in Kafka: who is let in, versions, topics, groups and their lag, the broker's clock."""

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from cli.access import why_refused
from cli.finding import Finding
from cli.log import of_groups
from cli.settings import CONNECT_MS, Settings
from streams.lag import heartbeat, read_by
from streams.offsets import committed, places
from streams.provision import check_topics

OLDEST_VERSION = (4, 0)
LARGEST_LAG = 10_000
LARGEST_DRIFT = 5.0  # seconds: less than a minute's alerts, more than a slow answer


def reached(settings: Settings, *, answering: bool) -> Finding:
    """A Kafka of our own is started by `langnghe up`, so that silence is no fault."""
    if answering:
        return Finding("Kafka", True, f"trả lời tại {settings.bootstrap}")
    if refusal := why_refused(settings):
        return Finding("Kafka", False, refusal)
    words = "chưa chạy; langnghe up sẽ khởi động" if settings.own_kafka else "không trả lời; hãy xem KAFKA_BOOTSTRAP"
    return Finding("Kafka", settings.own_kafka, f"{settings.bootstrap} {words}")


def examine_kafka(settings: Settings) -> list[Finding]:
    """Of a Kafka that answers; one that goes away meanwhile is one finding."""
    try:
        wrong = check_topics(settings.bootstrap, settings.topics, settings.security)
        with (
            closing(KafkaAdminClient(**settings.kafka)) as admin,
            closing(KafkaConsumer(**settings.kafka, group_id=None)) as consumer,
        ):
            found = [nodes(_versions(admin)), topics(settings, wrong)]
            missing = any("chưa có" in line for line in wrong)
            return found if missing else [*found, groups(lags(settings, admin, consumer)), clock(_drift(settings))]
    except KafkaError as error:
        return [Finding("Kafka", False, f"ngừng trả lời giữa chừng ({type(error).__name__}); hãy xem nhật ký Kafka")]


def _versions(admin: Any) -> list[tuple[int, ...]]:
    """The version of each broker that is not fenced off, by what it says it can do."""
    brokers = [broker for broker in admin.describe_cluster()["brokers"] if not broker.get("is_fenced")]
    return [tuple(admin.get_broker_version_data(broker["broker_id"]).broker_version) for broker in brokers]


def nodes(versions: Sequence[tuple[int, ...]]) -> Finding:
    """How many brokers there are, of which versions, one for each."""
    shown = ", ".join(".".join(map(str, version[:2])) for version in sorted(set(versions)))
    words = f"{len(versions)} nút, Kafka {shown}"
    if min(versions) < OLDEST_VERSION:
        return Finding(
            "Kafka (bản)", False, f"{words}; cần từ {'.'.join(map(str, OLDEST_VERSION))}, hãy nâng cấp Kafka"
        )
    if len(set(versions)) > 1:
        return Finding("Kafka (bản)", False, f"{words}; các nút khác bản, hãy nâng cấp nốt nút có bản cũ hơn")
    return Finding("Kafka (bản)", True, words)


def topics(settings: Settings, wrong: list[str]) -> Finding:
    """Whether the topics are as designed; `wrong` are the differences."""
    if not wrong:
        return Finding("Topic", True, f"đủ, mỗi topic {settings.topics.partitions} phân vùng")
    more = f" (và {len(wrong) - 1} điểm khác: langnghe topics check)" if len(wrong) > 1 else ""
    return Finding("Topic", False, wrong[0] + more)


def lags(settings: Settings, admin: Any, consumer: Any) -> dict[str, int | None]:
    """Records that each group has not read yet; None for one that never read. Public topics only."""
    return {group: _lag(settings, admin, consumer, group, names) for group, names in read_by(settings.topics).items()}


def _lag(settings: Settings, admin: Any, consumer: Any, group: str, names: tuple[str, ...]) -> int | None:
    read = of_groups(lambda: committed(admin, group))
    every = [place for name in names for place in places(name, settings.topics.partitions)]
    if not any(place in read for place in every):
        return None
    first, ends = consumer.beginning_offsets(every), consumer.end_offsets(every)
    behind: int = sum(ends[place] - max(read.get(place, 0), first[place]) for place in every)
    return behind


def groups(found: Mapping[str, int | None]) -> Finding:
    """Whether every group reads and none is far behind."""
    silent = [group for group, lag in found.items() if lag is None]
    behind = [f"{group} còn {lag} bản ghi" for group, lag in found.items() if lag and lag > LARGEST_LAG]
    if behind:
        return Finding("Nhóm đọc", False, f"{', '.join(behind)}; hãy xem tiến trình, hoặc chạy thêm tiến trình")
    if silent:
        return Finding(
            "Nhóm đọc", True, f"chưa từng đọc: {', '.join(silent)} (hệ thống mới, hoặc tiến trình chưa chạy)"
        )
    return Finding("Nhóm đọc", True, ", ".join(f"{group} còn {lag}" for group, lag in found.items()))


def _drift(settings: Settings) -> float:
    """Seconds by which the broker's clock is ahead, as it stamps a heartbeat, which no figure counts."""
    topic, key, value = next(heartbeat(settings.topics, datetime.now(UTC)))
    with closing(KafkaProducer(**settings.kafka, acks="all")) as producer:
        producer.partitions_for(topic)  # the time to connect is not the broker's
        sent = time.time()
        stamped = producer.send(topic, value, key=key).get(CONNECT_MS / 1000).timestamp / 1000
    return float(stamped) - (sent + time.time()) / 2


def clock(drift: float) -> Finding:
    """`drift` in seconds, positive where the broker is ahead."""
    if abs(drift) <= LARGEST_DRIFT:
        return Finding("Đồng hồ", True, f"lệch Kafka {abs(drift):.1f} giây")
    way = "nhanh" if drift > 0 else "chậm"
    return Finding(
        "Đồng hồ", False, f"Kafka {way} hơn máy này {abs(drift):.0f} giây; hãy bật đồng bộ giờ (NTP) ở cả hai máy"
    )
