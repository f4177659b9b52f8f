"""The load of the fault suite: dossiers and feedback from a seed, repeated, out of order, with ends that come late."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.support.faults_courses import course
from tests.support.faults_reports import decided
from tests.support.oracle_calendar import MORNING, VIETNAM, end_of, working_days

Message = tuple[str, bytes]
# days after receipt, status, and what else the step says: days after receipt for moments
SHAPES: tuple[tuple[tuple[float, int, dict[str, Any]], ...], ...] = (
    ((-1, 1, {"due_at": 12}), (0, 2, {}), (3, 4, {}), (8, 9, {"finished_at": 8})),
    ((0, 2, {"due_at": 10}), (12, 9, {}), (13, 10, {})),
    ((0, 2, {"due_at": 14}), (2, 5, {}), (6, 4, {"due_at": 20}), (19, 9, {})),
    ((0, 2, {"due_at": 14}), (2, 5, {}), (6, 4, {}), (9, 5, {}), (11, 4, {})),
    ((0, 2, {"due_at": 14}), (7, 5, {})),
    ((0, 2, {"due_at": 9}), (3, 4, {"rescheduled_to": 16, "apologised_at": 3}), (5, 4, {"rescheduled_to": 23})),
    ((0, 2, {"due_at": 9}), (11, 4, {"rescheduled_to": 16}), (12, 3, {})),
    ((0, 2, {}), (1, 6, {}), (4, 4, {}), (7, 4, {})),
    ((0, 2, {}), (1, 4, {}), (2, 7, {})),
    ((-1, 1, {}), (1, 3, {})),
    ((0, 2, {"due_at": 14}), (5, 9, {}), (6, 4, {})),
    ((0, 4, {"due_at": 60}), (2, 4, {"apologised_at": 2})),
)
LIMITED = "1.000757"  # seven working days
HOURLY = "2.001159"  # one hour
AGENCIES = ("LG.HCC", "LG.VP")
LEVELS = ("province", "commune", "vertical")
TEXTS = (
    "Đèn đường trước cổng chợ hỏng cả tuần, buổi tối rất tối.",
    "Cây xanh đổ chắn ngang đường, xe không qua được, đề nghị xử lý gấp.",
    "Rác thải tồn đọng đầu ngõ bốc mùi, mấy hôm không ai thu gom.",
    "Nhà hàng xóm hát karaoke quá nửa đêm, cả khu không ngủ được.",
    "Đề nghị hướng dẫn thủ tục cấp lại giấy khai sinh.",
    "Tôi tố cáo cán bộ nhận tiền của dân để làm nhanh hồ sơ đất đai.",
)


@dataclass(frozen=True)
class Load:
    """Makes messages; the same seed makes the same ones. `now` is the moment of the run."""

    seed: int
    now: datetime

    def dossiers(self, prefix: str, count: int) -> list[list[Message]]:
        """Messages of each dossier in the order of its steps; one in twelve falls overdue within the next minute."""
        random = Random(f"{self.seed}{prefix}")
        return [list(self._dossier(f"{prefix}{number:05d}", number, random)) for number in range(count)]

    def cases(self, prefix: str, count: int) -> list[list[Message]]:
        """The same, but every fourth takes a course of its own: from desk to desk, over the portal, to any end."""
        random, found = Random(f"{self.seed}{prefix}courses"), self.dossiers(prefix, count)
        found[::4] = [list(self._course(f"{prefix}{number:05d}", random)) for number in range(0, count, 4)]
        return found

    def _course(self, code: str, random: Random) -> Iterator[Message]:
        begin = (self.now - timedelta(days=random.randrange(1, 40))).replace(minute=random.randrange(60))
        for data in course(random, begin, (LIMITED, HOURLY)):
            yield _stated({"dossier_code": code, "level": LEVELS[int(code[-1]) % 3], **data}, random)

    def _dossier(self, code: str, number: int, random: Random) -> Iterator[Message]:
        if number % 12 == 11:
            received = self.now - timedelta(hours=1) + timedelta(seconds=random.randrange(5, 60))
            yield self._step(code, received, (0, 2, {}), HOURLY, random)
            return
        received = (self.now - timedelta(days=random.randrange(1, 60))).replace(hour=8, minute=random.randrange(60))
        for step in SHAPES[number % 12]:
            yield self._step(code, received, step, LIMITED, random)

    def _step(
        self, code: str, received: datetime, step: tuple[float, int, dict[str, Any]], procedure: str, random: Random
    ) -> Message:
        after, status, told = step
        moments = {name: (received + timedelta(days=days)).isoformat() for name, days in told.items()}
        data = {
            "dossier_code": code, "status": status, "occurred_at": (received + timedelta(days=after)).isoformat(),
            "procedure_code": procedure, "agency": AGENCIES[int(code[-1]) % 2],
            "level": LEVELS[int(code[-1]) % 3], **moments,
        }  # fmt: skip
        if status == 2:
            data["received_at"] = received.isoformat()
        return _stated(data, random)

    def rare(self, prefix: str) -> list[Message]:
        """What the twelve shapes may lack: an apology that is due, a limit that runs out in 15 seconds, a dossier that
        came and ended in this month, and a record that nobody can read. The first two stay open."""
        random, days, today = Random(f"{self.seed}{prefix}"), working_days(), self.now.date()
        since = today if days.works(today) and self.now.time() >= MORNING else days.step(today, -1)
        long_ago = self.now - timedelta(days=20)
        due = (end_of(days.step(since, 1)) - long_ago) / timedelta(days=1)
        an_hour_ago = self.now - timedelta(hours=1) + timedelta(seconds=15)
        return [
            self._step(f"{prefix}1", long_ago, (0, 2, {"due_at": due}), LIMITED, random),
            self._step(f"{prefix}2", an_hour_ago, (0, 2, {}), HOURLY, random),
            self._step(f"{prefix}3", self.now, (0, 2, {}), LIMITED, random),
            self._step(f"{prefix}3", self.now, (0, 9, {}), LIMITED, random),
            self._step(f"{prefix}4", self.now, (0, 11, {}), LIMITED, random),
        ]

    def feedback(self, prefix: str, count: int) -> list[Message]:
        """Reports on `feedback.intake`, received within the last forty days, some within the hour."""
        random = Random(f"{self.seed}{prefix}")
        found = []
        for number in range(count):
            back = timedelta(days=random.randrange(1, 40)) if number % 3 else timedelta(minutes=random.randrange(60))
            data = {"feedback_id": f"{prefix}{number:05d}", "channel": "portal", "text": TEXTS[number % len(TEXTS)],
                    "received_at": (self.now - back).isoformat(), "agency": "LG.HCC"}  # fmt: skip
            found.append((data["feedback_id"], json.dumps(data).encode()))
        return found

    def decisions(self, reports: Sequence[Message]) -> list[Message]:
        """What people did about the reports, as the web writes it: events of `feedback.events`."""
        random = Random(f"{self.seed}decisions")
        return [message for case, value in reports for message in self._decided(case, value, random)]

    def turns(self, reports: Sequence[Message]) -> list[Message]:
        """All that may happen to reports, in random courses, up to now."""
        random = Random(f"{self.seed}turns")
        return [event(case, f"{case}-{turn}", type_, min(at, self.now), fields) for case, value in reports
                for turn, (type_, at, fields) in enumerate(decided(random, _received(value)))]  # fmt: skip

    def _decided(self, case: str, value: bytes, random: Random) -> Iterator[Message]:
        received = _received(value)
        story: list[tuple[str, dict[str, Any]]] = random.choice(STORIES)
        for turn, (type_, fields) in enumerate(story):
            moment = min(received + timedelta(days=turn + random.random()), self.now)
            yield event(case, f"{case}-{turn}", type_, moment, fields)

    def said(self, case: str, type_: str, **fields: Any) -> Message:
        """What somebody does now about one report."""
        return event(case, f"{case}-{type_}", type_, self.now, fields)


def _received(report: bytes) -> datetime:
    return datetime.fromisoformat(json.loads(report)["received_at"])


def _stated(data: dict[str, Any], random: Random) -> Message:
    """A step as its source writes it: three of ten with the national names."""
    return data["dossier_code"], json.dumps(_national(data) if random.random() < 0.3 else data).encode()


def event(case: str, id_: str, type_: str, at: datetime, fields: dict[str, Any]) -> Message:
    data = {"feedback_id": case, "at": at.isoformat(), "by": "operator:1", **fields}
    envelope = {"specversion": "1.0", "id": id_, "source": "/test", "type": f"feedback.{type_}", "subject": case,
                "time": at.isoformat(), "data": data}  # fmt: skip
    return case, json.dumps(envelope).encode()


STORIES: list[list[tuple[str, dict[str, Any]]]] = [
    [],
    [("assigned", {"agency": "LG.HCC"})],
    [("assigned", {"agency": "LG.HCC"}), ("assigned", {"agency": "LG.VP"}), ("answered", {}), ("published", {})],
    [("info_requested", {}), ("rejected", {"door": "other"})],
    [("assigned", {"agency": "LG.HCC"}), ("answered", {}), ("reopened", {})],
]


def _national(data: dict[str, Any]) -> dict[str, Any]:
    names = {"dossier_code": "MaHoSo", "status": "TrangThai", "occurred_at": "ThoiDiemXuLy", "due_at": "NgayHenTra",
             "received_at": "NgayTiepNhan", "finished_at": "NgayKetThucXuLy", "procedure_code": "MaTTHC",
             "step_due_at": "NgayKetThucTheoQuyDinh", "channel": "KenhThucHien"}  # fmt: skip
    compact = {name: _compact(value) if name in MOMENTS else value for name, value in data.items()}
    return {names.get(name, name): value for name, value in compact.items()} | {"ChuHoSo": "Người nộp hồ sơ"}


MOMENTS = {"occurred_at", "due_at", "received_at", "finished_at", "step_due_at"}


def _compact(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(VIETNAM):%Y%m%d%H%M%S}"


def in_turns(cases: Sequence[Sequence[Message]]) -> list[Message]:
    """First steps of all, then second ones…: few of a case fall into one chunk."""
    longest = max(map(len, cases))
    return [case[turn] for turn in range(longest) for case in cases if turn < len(case)]


def shaken(messages: Sequence[Message], seed: int, *, repeats: float = 0.1, window: int = 400) -> list[Message]:
    """Out of order within a window, a share of them twice, and one in twenty only at the very end."""
    random = Random(seed)
    order = [(number + random.random() * window, message) for number, message in enumerate(messages)]
    order += [(len(messages) * random.random(), message) for message in messages if random.random() < repeats]
    late = [(place + len(messages) * (random.random() < 0.05), message) for place, message in order]
    return [message for _, message in sorted(late)]
