"""Time limits counted by hand from the law and a paper calendar, before any code was run on them.

Law: Bộ luật Dân sự 2015, Art. 145-148; Bộ luật Lao động 2019, Art. 111.3 and 112; the yearly notices of days off.

The paper calendar (off = a day off that is not a plain Saturday or Sunday, made up = a Saturday that is worked):
  2024  off Mon 1/1 · Thu 8/2 - Wed 14/2 · Thu 18/4 · Mon 29/4, Tue 30/4, Wed 1/5 · Mon 2/9, Tue 3/9; made up Sat 4/5
  2025  off Wed 1/1 · Mon 27/1 - Fri 31/1 · Mon 7/4 · Wed 30/4, Thu 1/5, Fri 2/5 · Mon 1/9, Tue 2/9; made up Sat 26/4
  2026  off Thu 1/1, Fri 2/1 · Mon 16/2 - Fri 20/2 · Mon 27/4 · Thu 30/4, Fri 1/5 · Mon 31/8, Tue 1/9, Wed 2/9 ·
        Tue 24/11; made up Sat 10/1, Sat 22/8
Office hours 07:00-11:30 and 13:30-17:00: a morning is 4h30, an afternoon 3h30, a day 8h.

Each count stands above its case: the days counted, "|" where days are left out, "=" what the end is rolled from.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Literal, NamedTuple

import pytest

from casework.calendar import VIETNAM
from casework.counting import Limit, due
from tests.support.rules import rules

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Case(NamedTuple):
    """A limit, when it began, and the end that was counted by hand; moments are written with their weekday."""

    name: str
    start: str
    amount: str
    unit: Literal["working_days", "calendar_days", "months", "hours", "working_hours"]
    style: Literal["date", "moment"]
    end: str


def working_days(name: str, start: str, amount: str, end: str) -> Case:
    return Case(name, start, amount, "working_days", "date", end)


def calendar_days(name: str, start: str, amount: str, end: str) -> Case:
    return Case(name, start, amount, "calendar_days", "date", end)


def months(name: str, start: str, amount: str, end: str) -> Case:
    return Case(name, start, amount, "months", "date", end)


def moment(name: str, start: str, amount: str, end: str) -> Case:
    return Case(name, start, amount, "working_days", "moment", end)


def working_hours(name: str, start: str, amount: str, end: str) -> Case:
    return Case(name, start, amount, "working_hours", "date", end)


def hours(name: str, start: str, amount: str, end: str) -> Case:
    return Case(name, start, amount, "hours", "date", end)


def cases(*table: Case) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", table, ids=[f"{case.unit}: {case.name}" for case in table])


def written(text: str) -> datetime:
    """A moment such as "Fri 2024-06-14 09:00", Vietnam time; a day alone ends at its last second."""
    weekday, _, rest = text.partition(" ")
    day, _, clock = rest.partition(" ")
    assert WEEKDAYS[date.fromisoformat(day).weekday()] == weekday, f"the paper calendar is wrong: {text}"
    at = time.fromisoformat(clock) if clock else time(23, 59, 59)
    return datetime.combine(date.fromisoformat(day), at, VIETNAM)


def check(case: Case, clock: Callable[[datetime], datetime] = lambda at: at) -> None:
    end = written(case.end)
    limit = Limit(Decimal(case.amount), case.unit, style=case.style)
    deadline = due(clock(written(case.start)), limit, rules().calendar)
    assert (deadline.at, deadline.date) == (end, end.date())
    assert deadline.at.utcoffset() == end.utcoffset()


@cases(
    # 2/2, 5/2, 6/2, 7/2 | Tết 8-14 | 15/2
    working_days("the fifth day falls after Tết", "Thu 2024-02-01 09:00", "5", "Thu 2024-02-15"),
    # | 8-14 | 15/2
    working_days("received on the last afternoon before Tết", "Wed 2024-02-07 16:00", "1", "Thu 2024-02-15"),
    # | 8-14 | 15/2, 16/2 | 17-18 | 19/2
    working_days("Tết and the weekend after it", "Wed 2024-02-07 07:30", "3", "Mon 2024-02-19"),
    # mùng 1 is 10/2 | 8-14 | 15/2
    working_days("received on mùng 1", "Sat 2024-02-10 10:00", "1", "Thu 2024-02-15"),
    # 15/2, 16/2
    working_days("received on the last day of Tết", "Wed 2024-02-14 08:00", "2", "Fri 2024-02-16"),
    # 26/1 | 29/1, 30/1, 31/1, 1/2, 2/2 | 5/2, 6/2, 7/2 = nine | 15/2
    working_days("ten days with only the last after Tết", "Thu 2024-01-25 14:00", "10", "Thu 2024-02-15"),
    # 26/1 | 29/1 .. 2/2 | 5/2, 6/2, 7/2
    working_days("nine days end on the eve of Tết", "Thu 2024-01-25 14:00", "9", "Wed 2024-02-07"),
    # 1/2 + 7 = 8/2 off -> 15/2
    calendar_days("ends on the first day of Tết", "Thu 2024-02-01 09:00", "7", "Thu 2024-02-15"),
    # 30/1 + 8 = 7/2, worked
    calendar_days("ends on the eve of Tết", "Tue 2024-01-30 09:00", "8", "Wed 2024-02-07"),
    # 29/1 + 15 = 13/2 off -> 15/2
    calendar_days("ends inside Tết", "Mon 2024-01-29 09:00", "15", "Thu 2024-02-15"),
    # 1/2 + 14 = 15/2, worked
    calendar_days("ends on the first day back", "Thu 2024-02-01 09:00", "14", "Thu 2024-02-15"),
    # 2/2 + 15 = Sat 17/2 -> 19/2
    calendar_days("ends on the Saturday after Tết", "Fri 2024-02-02 09:00", "15", "Mon 2024-02-19"),
    # 10/1 -> Sat 10/2, mùng 1 -> 15/2
    months("a month ends on mùng 1", "Wed 2024-01-10 09:00", "1", "Thu 2024-02-15"),
)
def test_limits_around_tet_2024_pass_over_8_to_14_february(case: Case) -> None:
    check(case)


@cases(
    # | 25-26, Tết 27-31, 1-2/2 | 3/2
    working_days("received on the last day before Tết", "Fri 2025-01-24 10:00", "1", "Mon 2025-02-03"),
    # 21/1, 22/1, 23/1, 24/1 | 25/1 - 2/2 | 3/2
    working_days("the fifth day falls after Tết", "Mon 2025-01-20 08:00", "5", "Mon 2025-02-03"),
    # 23/1, 24/1 | 25/1 - 2/2 | 3/2, 4/2, 5/2, 6/2, 7/2
    working_days("two days before and five after", "Wed 2025-01-22 08:00", "7", "Fri 2025-02-07"),
    # 3/2, 4/2
    working_days("received in the first minutes of mùng 1", "Wed 2025-01-29 00:05", "2", "Tue 2025-02-04"),
    # 3/2
    working_days("received on the last evening of the break", "Sun 2025-02-02 20:00", "1", "Mon 2025-02-03"),
    # 17/1 + 10 = 27/1 off -> 3/2
    calendar_days("ends on the first day off", "Fri 2025-01-17 09:00", "10", "Mon 2025-02-03"),
    # 16/1 + 15 = 31/1 off -> 3/2
    calendar_days("ends on the last day off", "Thu 2025-01-16 09:00", "15", "Mon 2025-02-03"),
    # 24/1 + 1 = Sat 25/1 -> 3/2
    calendar_days("ends on the Saturday before Tết", "Fri 2025-01-24 09:00", "1", "Mon 2025-02-03"),
    # 14/1 + 10 = 24/1, worked
    calendar_days("ends on the last day before Tết", "Tue 2025-01-14 09:00", "10", "Fri 2025-01-24"),
)
def test_limits_around_tet_2025_pass_over_25_january_to_2_february(case: Case) -> None:
    check(case)


@cases(
    # | 14-15, Tết 16-20, 21-22 | 23/2
    working_days("received a minute before closing on the eve", "Fri 2026-02-13 16:59", "1", "Mon 2026-02-23"),
    # 10/2, 11/2, 12/2, 13/2 | 14-22 | 23/2
    working_days("the fifth day falls after Tết", "Mon 2026-02-09 08:00", "5", "Mon 2026-02-23"),
    # 11/2, 12/2, 13/2 | 23/2, 24/2, 25/2, 26/2, 27/2 = eight | 2/3, 3/3
    working_days("ten days over Tết and the end of February", "Tue 2026-02-10 08:00", "10", "Tue 2026-03-03"),
    # 23/2, 24/2, 25/2
    working_days("received on mùng 1", "Tue 2026-02-17 12:00", "3", "Wed 2026-02-25"),
    # 2/2 + 15 = 17/2 off -> 23/2
    calendar_days("ends on mùng 1", "Mon 2026-02-02 09:00", "15", "Mon 2026-02-23"),
    # 12/2 + 10 = Sun 22/2 -> 23/2
    calendar_days("ends on the last Sunday of the break", "Thu 2026-02-12 09:00", "10", "Mon 2026-02-23"),
    # 11/2 + 2 = 13/2, worked
    calendar_days("ends on the last day before Tết", "Wed 2026-02-11 09:00", "2", "Fri 2026-02-13"),
    # 16/1 -> 16/2 off -> 23/2
    months("a month ends on the first day off", "Fri 2026-01-16 09:00", "1", "Mon 2026-02-23"),
)
def test_limits_around_tet_2026_pass_over_14_to_22_february(case: Case) -> None:
    check(case)


@cases(
    # | Thu 18/4 | 19/4
    working_days("2024, the day before Giỗ Tổ", "Wed 2024-04-17 09:00", "1", "Fri 2024-04-19"),
    # 16/4, 17/4 | 18 | 19/4 | 20-21 | 22/4, 23/4
    working_days("2024, Giỗ Tổ in the middle", "Mon 2024-04-15 09:00", "5", "Tue 2024-04-23"),
    # 19/4
    working_days("2024, received on Giỗ Tổ", "Thu 2024-04-18 09:00", "1", "Fri 2024-04-19"),
    # 3/4 + 15 = 18/4 off -> 19/4
    calendar_days("2024, ends on Giỗ Tổ", "Wed 2024-04-03 09:00", "15", "Fri 2024-04-19"),
    # | 5-6, Mon 7/4 | 8/4
    working_days("2025, the Friday before Giỗ Tổ", "Fri 2025-04-04 09:00", "1", "Tue 2025-04-08"),
    # 4/4 | 5-7 | 8/4, 9/4
    working_days("2025, Giỗ Tổ in the middle", "Thu 2025-04-03 09:00", "3", "Wed 2025-04-09"),
    # 5/4 + 1 = Sun 6/4, Mon 7/4 off -> 8/4
    calendar_days("2025, ends on the Sunday before Giỗ Tổ", "Sat 2025-04-05 09:00", "1", "Tue 2025-04-08"),
    # 7/3 -> 7/4 off -> 8/4
    months("2025, a month ends on Giỗ Tổ", "Fri 2025-03-07 09:00", "1", "Tue 2025-04-08"),
    # | 25-26, Mon 27/4 in lieu | 28/4
    working_days("2026, the Friday before Giỗ Tổ on a Sunday", "Fri 2026-04-24 09:00", "1", "Tue 2026-04-28"),
    # 17/4 + 10 = 27/4 in lieu -> 28/4
    calendar_days("2026, ends on the day in lieu", "Fri 2026-04-17 09:00", "10", "Tue 2026-04-28"),
    # 27/3 -> 27/4 in lieu -> 28/4
    months("2026, a month ends on the day in lieu", "Fri 2026-03-27 09:00", "1", "Tue 2026-04-28"),
)
def test_gio_to_and_the_day_off_in_lieu_of_it_are_not_counted(case: Case) -> None:
    check(case)


@cases(
    # | 27-28, 29-1/5 | 2/5
    working_days("2024, the Friday before", "Fri 2024-04-26 09:00", "1", "Thu 2024-05-02"),
    # 16/4, 17/4 | 18 | 19/4 | 22/4 .. 26/4 = eight | 27/4 - 1/5 | 2/5, 3/5
    working_days("2024, over Giỗ Tổ and 30/4", "Mon 2024-04-15 09:00", "10", "Fri 2024-05-03"),
    # 22/4 + 7 = 29/4 swapped off -> 2/5
    calendar_days("2024, ends on the swapped Monday", "Mon 2024-04-22 09:00", "7", "Thu 2024-05-02"),
    # 15/4 + 15 = 30/4 off -> 2/5
    calendar_days("2024, ends on 30/4", "Mon 2024-04-15 09:00", "15", "Thu 2024-05-02"),
    # 29/3 -> 29/4 swapped off -> 2/5
    months("2024, a month ends on the swapped Monday", "Fri 2024-03-29 09:00", "1", "Thu 2024-05-02"),
    # | 30/4 - 4/5 | 5/5
    working_days("2025, received on the eve", "Tue 2025-04-29 09:00", "1", "Mon 2025-05-05"),
    # 22/4 + 10 = 2/5 swapped off -> 5/5
    calendar_days("2025, ends on the swapped Friday", "Tue 2025-04-22 09:00", "10", "Mon 2025-05-05"),
    # 2/4 -> 2/5 swapped off -> 5/5
    months("2025, a month ends on the swapped Friday", "Wed 2025-04-02 09:00", "1", "Mon 2025-05-05"),
    # 28/4, 29/4 | 30/4 - 3/5 | 4/5
    working_days("2026, two days between two breaks", "Fri 2026-04-24 09:00", "3", "Mon 2026-05-04"),
    # 23/4, 24/4 | 25-27 | 28/4, 29/4 | 30/4 - 3/5 | 4/5
    working_days("2026, five days over both breaks", "Wed 2026-04-22 09:00", "5", "Mon 2026-05-04"),
    # 20/4 .. 24/4 = five | 28/4, 29/4 = seven | 4/5, 5/5, 6/5
    working_days("2026, ten days over both breaks", "Fri 2026-04-17 09:00", "10", "Wed 2026-05-06"),
    # 15/4 + 15 = 30/4 off -> Mon 4/5
    calendar_days("2026, ends on 30/4", "Wed 2026-04-15 09:00", "15", "Mon 2026-05-04"),
    # 31/3 -> April has no 31 -> 30/4 off -> 4/5
    months("2026, from 31/3 to the last day of April", "Tue 2026-03-31 09:00", "1", "Mon 2026-05-04"),
)
def test_limits_in_the_weeks_of_30_april_pass_over_the_days_off(case: Case) -> None:
    check(case)


@cases(
    # | 31/8 - 3/9 | 4/9
    working_days("2024, the Friday before", "Fri 2024-08-30 09:00", "1", "Wed 2024-09-04"),
    # 27/8, 28/8, 29/8, 30/8 | 31/8 - 3/9 | 4/9, 5/9, 6/9
    working_days("2024, four days before and three after", "Mon 2024-08-26 09:00", "7", "Fri 2024-09-06"),
    # 23/8 + 10 = 2/9 off -> 4/9
    calendar_days("2024, ends on 2/9", "Fri 2024-08-23 09:00", "10", "Wed 2024-09-04"),
    # 19/8 + 12 = Sat 31/8 -> 4/9
    calendar_days("2024, ends on the Saturday before", "Mon 2024-08-19 09:00", "12", "Wed 2024-09-04"),
    # 3/8 -> 3/9 off -> 4/9
    months("2024, a month from a Saturday ends on 3/9", "Sat 2024-08-03 09:00", "1", "Wed 2024-09-04"),
    # 26/8, 27/8, 28/8, 29/8 | 30/8 - 2/9 | 3/9
    working_days("2025, the fifth day falls after", "Mon 2025-08-25 09:00", "5", "Wed 2025-09-03"),
    # 3/9, 4/9
    working_days("2025, received on 2/9", "Tue 2025-09-02 09:00", "2", "Thu 2025-09-04"),
    # 18/8 + 15 = 2/9 off -> 3/9
    calendar_days("2025, ends on 2/9", "Mon 2025-08-18 09:00", "15", "Wed 2025-09-03"),
    # 1/7 + 30 = 31/7, + 30 = Sat 30/8 -> 3/9
    calendar_days("2025, sixty days from 1/7", "Tue 2025-07-01 09:00", "60", "Wed 2025-09-03"),
    # | 29/8 - 2/9 | 3/9
    working_days("2026, the Friday before", "Fri 2026-08-28 09:00", "1", "Thu 2026-09-03"),
    # 25/8, 26/8, 27/8, 28/8 | 29/8 - 2/9 | 3/9
    working_days("2026, the fifth day falls after", "Mon 2026-08-24 09:00", "5", "Thu 2026-09-03"),
    # 24/8 + 7 = 31/8 swapped off -> 3/9
    calendar_days("2026, ends on the swapped Monday", "Mon 2026-08-24 09:00", "7", "Thu 2026-09-03"),
    # 31/7 -> 31/8 swapped off -> 3/9
    months("2026, a month ends on the swapped Monday", "Fri 2026-07-31 09:00", "1", "Thu 2026-09-03"),
)
def test_limits_in_the_weeks_of_2_september_pass_over_the_days_off(case: Case) -> None:
    check(case)


@cases(
    # Sat 4/5
    working_days("2024, the only day", "Fri 2024-05-03 09:00", "1", "Sat 2024-05-04"),
    # Sat 4/5 | Sun 5/5 | 6/5
    working_days("2024, the first day", "Fri 2024-05-03 09:00", "2", "Mon 2024-05-06"),
    # 2/5, 3/5, Sat 4/5 | 5 | 6/5
    working_days("2024, a day in the middle", "Fri 2024-04-26 09:00", "4", "Mon 2024-05-06"),
    # 25/4, 26/4 | 27/4 - 1/5 | 2/5, 3/5, Sat 4/5
    working_days("2024, the last day", "Wed 2024-04-24 09:00", "5", "Sat 2024-05-04"),
    # the Saturday of receipt is excluded | 5 | 6/5
    working_days("2024, the day of receipt", "Sat 2024-05-04 08:00", "1", "Mon 2024-05-06"),
    # 26/4 + 8 = Sat 4/5, worked
    calendar_days("2024, the end is not rolled", "Fri 2024-04-26 09:00", "8", "Sat 2024-05-04"),
    # 26/4 + 9 = Sun 5/5 -> 6/5
    calendar_days("2024, the Sunday after it is rolled", "Fri 2024-04-26 09:00", "9", "Mon 2024-05-06"),
    # 4/4 -> Sat 4/5, worked
    months("2024, a month ends on it", "Thu 2024-04-04 09:00", "1", "Sat 2024-05-04"),
    # Sat 26/4
    working_days("2025, the only day", "Fri 2025-04-25 09:00", "1", "Sat 2025-04-26"),
    # Sat 26/4 | 27 | 28/4, 29/4 | 30/4 - 4/5 | 5/5
    working_days("2025, the first day, and the break after it", "Fri 2025-04-25 09:00", "4", "Mon 2025-05-05"),
    # 23/4, 24/4, 25/4, Sat 26/4 | 27 | 28/4, 29/4 | 30/4 - 4/5 | 5/5
    working_days("2025, a day in the middle", "Tue 2025-04-22 09:00", "7", "Mon 2025-05-05"),
    # 25/4, Sat 26/4
    working_days("2025, the last day", "Thu 2025-04-24 09:00", "2", "Sat 2025-04-26"),
    # 16/4 + 10 = Sat 26/4, worked
    calendar_days("2025, the end is not rolled", "Wed 2025-04-16 09:00", "10", "Sat 2025-04-26"),
    # 17/4 + 10 = Sun 27/4 -> 28/4
    calendar_days("2025, the Sunday after it is rolled", "Thu 2025-04-17 09:00", "10", "Mon 2025-04-28"),
    # 26/3 -> Sat 26/4, worked
    months("2025, a month ends on it", "Wed 2025-03-26 09:00", "1", "Sat 2025-04-26"),
    # Sat 10/1
    working_days("January 2026, the only day", "Fri 2026-01-09 09:00", "1", "Sat 2026-01-10"),
    # 9/1, Sat 10/1 | 11 | 12/1
    working_days("January 2026, a day in the middle", "Thu 2026-01-08 09:00", "3", "Mon 2026-01-12"),
    # the Saturday of receipt is excluded | 11 | 12/1
    working_days("January 2026, the day of receipt", "Sat 2026-01-10 14:00", "1", "Mon 2026-01-12"),
    # Sat 22/8 | 23 | 24/8
    working_days("August 2026, the first day", "Fri 2026-08-21 09:00", "2", "Mon 2026-08-24"),
    # 20/8, 21/8, Sat 22/8 = three | 24/8 .. 28/8 = eight | 29/8 - 2/9 | 3/9, 4/9
    working_days("August 2026, in the middle, and the break after", "Wed 2026-08-19 09:00", "10", "Fri 2026-09-04"),
    # 21/8, Sat 22/8
    working_days("August 2026, the last day", "Thu 2026-08-20 09:00", "2", "Sat 2026-08-22"),
    # 7/8 + 15 = Sat 22/8, worked
    calendar_days("August 2026, the end is not rolled", "Fri 2026-08-07 09:00", "15", "Sat 2026-08-22"),
    # 8/8 + 15 = Sun 23/8 -> 24/8
    calendar_days("August 2026, the Sunday after it is rolled", "Sat 2026-08-08 09:00", "15", "Mon 2026-08-24"),
    # 22/7 -> Sat 22/8, worked
    months("August 2026, a month ends on it", "Wed 2026-07-22 09:00", "1", "Sat 2026-08-22"),
)
def test_a_make_up_saturday_is_a_working_day_wherever_it_falls_in_the_limit(case: Case) -> None:
    check(case)


@cases(
    # | Tue 24/11 | 25/11
    working_days("received the day before", "Mon 2026-11-23 09:00", "1", "Wed 2026-11-25"),
    # 23/11 is worked: the proposed swap with 28/11 was never decided | 24 | 25/11
    working_days("the Monday before it is worked", "Fri 2026-11-20 09:00", "2", "Wed 2026-11-25"),
    # 20/11 | 23/11 | 24 | 25/11, 26/11, 27/11
    working_days("in the middle of a week", "Thu 2026-11-19 09:00", "5", "Fri 2026-11-27"),
    # Sat 28/11 is not made up | 30/11
    working_days("the Saturday after it is not worked", "Fri 2026-11-27 09:00", "1", "Mon 2026-11-30"),
    # 25/11
    working_days("received on it", "Tue 2026-11-24 09:00", "1", "Wed 2026-11-25"),
    # 9/11 + 15 = 24/11 off -> 25/11
    calendar_days("ends on it", "Mon 2026-11-09 09:00", "15", "Wed 2026-11-25"),
    # 24/10 -> 24/11 off -> 25/11
    months("a month from a Saturday ends on it", "Sat 2026-10-24 09:00", "1", "Wed 2026-11-25"),
    # 24/11/2025 is a plain Monday
    working_days("the year before it was worked", "Fri 2025-11-21 09:00", "1", "Mon 2025-11-24"),
)
def test_ngay_van_hoa_is_a_day_off_from_2026(case: Case) -> None:
    check(case)


@cases(
    # | 30-31/12, Mon 1/1 | 2/1
    working_days("to 2024, the last Friday", "Fri 2023-12-29 09:00", "1", "Tue 2024-01-02"),
    # 28/12, 29/12 | 30/12 - 1/1 | 2/1
    working_days("to 2024, three days", "Wed 2023-12-27 09:00", "3", "Tue 2024-01-02"),
    # 25/12 + 7 = Mon 1/1 off -> 2/1
    calendar_days("to 2024, ends on 1/1", "Mon 2023-12-25 09:00", "7", "Tue 2024-01-02"),
    # 30/11 -> Sat 30/12, 31/12 Sun, 1/1 off -> 2/1
    months("to 2024, rolled from December into January", "Thu 2023-11-30 09:00", "1", "Tue 2024-01-02"),
    # 14/11 -> 14/2, the last day of Tết -> 15/2
    months("to 2024, three months end inside Tết", "Tue 2023-11-14 09:00", "3", "Thu 2024-02-15"),
    # | Wed 1/1 | 2/1
    working_days("to 2025, the last day of the year", "Tue 2024-12-31 09:00", "1", "Thu 2025-01-02"),
    # 24/12, 25/12, 26/12, 27/12 | 30/12, 31/12 = six | 1/1 | 2/1, 3/1 | 6/1, 7/1
    working_days("to 2025, ten days, Christmas is worked", "Mon 2024-12-23 09:00", "10", "Tue 2025-01-07"),
    # 22/12 + 10 = 1/1 off -> 2/1
    calendar_days("to 2025, ends on 1/1", "Sun 2024-12-22 09:00", "10", "Thu 2025-01-02"),
    # 1/10 -> 1/1 off -> 2/1
    months("to 2025, three months end on 1/1", "Tue 2024-10-01 09:00", "3", "Thu 2025-01-02"),
    # 28/12 -> 28/1, the eve of mùng 1 -> 3/2
    months("to 2025, a month ends inside Tết", "Sat 2024-12-28 09:00", "1", "Mon 2025-02-03"),
    # 31/12 -> Fri 31/1, Tết -> 3/2
    months("to 2025, a month from the last day of the year", "Tue 2024-12-31 09:00", "1", "Mon 2025-02-03"),
    # | 1/1, 2/1 swapped off, 3-4 | 5/1
    working_days("to 2026, the last day of the year", "Wed 2025-12-31 09:00", "1", "Mon 2026-01-05"),
    # 30/12, 31/12 | 1-4/1 | 5/1, 6/1, 7/1
    working_days("to 2026, five days", "Mon 2025-12-29 09:00", "5", "Wed 2026-01-07"),
    # | 1-4/1 | 5/1, 6/1, 7/1, 8/1, 9/1, Sat 10/1
    working_days("to 2026, six days end on the made-up Saturday", "Wed 2025-12-31 09:00", "6", "Sat 2026-01-10"),
    # 23/12 .. 26/12 = four | 29, 30, 31/12 = seven | 5/1 .. Sat 10/1 = thirteen | 12/1, 13/1
    working_days("to 2026, fifteen days", "Mon 2025-12-22 09:00", "15", "Tue 2026-01-13"),
    # 26/12 + 7 = 2/1 swapped off -> 5/1
    calendar_days("to 2026, ends on the swapped Friday", "Fri 2025-12-26 09:00", "7", "Mon 2026-01-05"),
    # 26/12 + 15 = Sat 10/1, worked
    calendar_days("to 2026, ends on the made-up Saturday", "Fri 2025-12-26 09:00", "15", "Sat 2026-01-10"),
    # 2/12 -> 2/1 swapped off -> 5/1
    months("to 2026, a month ends on the swapped Friday", "Tue 2025-12-02 09:00", "1", "Mon 2026-01-05"),
    # 1/1/2027 is off by Art. 112 without a notice | 2-3/1 | 4/1
    working_days("to 2027, the last day of the year", "Thu 2026-12-31 09:00", "1", "Mon 2027-01-04"),
)
def test_limits_over_the_end_of_a_year_pass_over_1_january(case: Case) -> None:
    check(case)


@cases(
    # February 2024 has 29 days and no 31
    months("31 January in a leap year", "Wed 2024-01-31 09:00", "1", "Thu 2024-02-29"),
    # February 2025 has 28
    months("31 January in a common year", "Fri 2025-01-31 09:00", "1", "Fri 2025-02-28"),
    # -> Sat 28/2 -> 2/3
    months("30 January ends on a Saturday in February", "Fri 2026-01-30 09:00", "1", "Mon 2026-03-02"),
    # the corresponding day, not the end of the month
    months("29 February to 29 March", "Thu 2024-02-29 09:00", "1", "Fri 2024-03-29"),
    months("28 February to 28 March", "Fri 2025-02-28 09:00", "1", "Fri 2025-03-28"),
    # 2025 has no 29/2 -> Fri 28/2
    months("a year from 29 February", "Thu 2024-02-29 09:00", "12", "Fri 2025-02-28"),
    # -> 30/4 off, 1/5 off -> 2/5
    months("31 March 2024 ends on 30/4", "Sun 2024-03-31 09:00", "1", "Thu 2024-05-02"),
    # June has no 31 -> Sun 30/6 -> 1/7
    months("31 May is rolled from June into July", "Fri 2024-05-31 09:00", "1", "Mon 2024-07-01"),
    # November has no 31 -> Sun 30/11 -> 1/12
    months("31 October is rolled from November into December", "Fri 2025-10-31 09:00", "1", "Mon 2025-12-01"),
    # February 2026 has no 31 -> Sat 28/2 -> 2/3
    months("six months from 31 August", "Sun 2025-08-31 09:00", "6", "Mon 2026-03-02"),
    # 27, 28, 29/2
    calendar_days("ends on 29 February", "Mon 2024-02-26 09:00", "3", "Thu 2024-02-29"),
    # 29/2, 1/3
    calendar_days("over 29 February", "Wed 2024-02-28 09:00", "2", "Fri 2024-03-01"),
    # 27/2, 28/2, Sat 1/3 -> 3/3
    calendar_days("over 28 February in a common year", "Wed 2025-02-26 09:00", "3", "Mon 2025-03-03"),
    # no 29/2 between: Sat 1/3/2025 -> 3/3
    calendar_days("365 days from 1 March of a leap year", "Fri 2024-03-01 09:00", "365", "Mon 2025-03-03"),
    # 29/2, 1/3
    working_days("29 February is counted", "Wed 2024-02-28 09:00", "2", "Fri 2024-03-01"),
    # 28/2 | 1-2/3 | 3/3
    working_days("over the end of February and a weekend", "Thu 2025-02-27 09:00", "2", "Mon 2025-03-03"),
)
def test_months_end_on_the_corresponding_day_or_the_last_day_of_the_month(case: Case) -> None:
    check(case)


@cases(
    # 13/6
    working_days("in the last second of a day", "Wed 2024-06-12 23:59:59", "1", "Thu 2024-06-13"),
    working_days("in the first second of a day", "Wed 2024-06-12 00:00", "1", "Thu 2024-06-13"),
    # | 15-16 | 17/6
    working_days("on Friday evening", "Fri 2024-06-14 20:00", "1", "Mon 2024-06-17"),
    # | 16 | 17/6, 18/6
    working_days("on Saturday morning", "Sat 2024-06-15 09:00", "2", "Tue 2024-06-18"),
    # 17/6
    working_days("on Sunday night", "Sun 2024-06-16 23:30", "1", "Mon 2024-06-17"),
    # 16/6 + 5 = 21/6
    calendar_days("on Sunday, days follow at once", "Sun 2024-06-16 09:00", "5", "Fri 2024-06-21"),
    # 15/6 + 7 = Sat 22/6 -> 24/6
    calendar_days("on Saturday, a week later is a Saturday", "Sat 2024-06-15 09:00", "7", "Mon 2024-06-24"),
    # 14/6 + 1 = Sat 15/6 -> 17/6
    calendar_days("on Friday night, the next day is a Saturday", "Fri 2024-06-14 20:00", "1", "Mon 2024-06-17"),
)
def test_the_day_of_receipt_is_excluded_also_at_night_and_on_days_off(case: Case) -> None:
    check(case)


@cases(
    working_days("on a working day", "Wed 2024-06-12 10:00", "0", "Wed 2024-06-12"),
    working_days("after closing", "Wed 2024-06-12 22:00", "0", "Wed 2024-06-12"),
    # Sat 15/6 -> 17/6
    working_days("on a Saturday", "Sat 2024-06-15 10:00", "0", "Mon 2024-06-17"),
    working_days("on a made-up Saturday", "Sat 2024-05-04 10:00", "0", "Sat 2024-05-04"),
    # 8/2 -> 15/2
    working_days("on the first day of Tết", "Thu 2024-02-08 10:00", "0", "Thu 2024-02-15"),
    # Sun 16/6 -> 17/6
    calendar_days("on a Sunday", "Sun 2024-06-16 10:00", "0", "Mon 2024-06-17"),
    # 24/11 -> 25/11
    calendar_days("on Ngày Văn hóa", "Tue 2026-11-24 10:00", "0", "Wed 2026-11-25"),
    # Sun 26/4, Mon 27/4 in lieu -> 28/4
    calendar_days("on Giỗ Tổ, a Sunday", "Sun 2026-04-26 10:00", "0", "Tue 2026-04-28"),
    # 3/9 -> 4/9
    months("on a holiday", "Tue 2024-09-03 10:00", "0", "Wed 2024-09-04"),
)
def test_a_limit_of_nothing_ends_on_the_day_of_receipt_or_the_next_working_day(case: Case) -> None:
    check(case)


@cases(
    # 1: 13/6
    working_days("half a day is one", "Wed 2024-06-12 10:00", "0.5", "Thu 2024-06-13"),
    # 2: 17/6, 18/6
    working_days("one and a half are two", "Fri 2024-06-14 10:00", "1.5", "Tue 2024-06-18"),
    # 3: 12/6, 13/6, 14/6
    working_days("two and a tenth are three", "Tue 2024-06-11 10:00", "2.1", "Fri 2024-06-14"),
    # 2, not 3: 12/6, 13/6
    working_days("two with a written zero stay two", "Tue 2024-06-11 10:00", "2.0", "Thu 2024-06-13"),
    # 1: | Tết | 15/2
    working_days("half a day before Tết", "Wed 2024-02-07 10:00", "0.5", "Thu 2024-02-15"),
    # 1: Sat 15/6 -> 17/6
    calendar_days("half a day into a Saturday", "Fri 2024-06-14 10:00", "0.5", "Mon 2024-06-17"),
    # 10: 7/6 + 10 = 17/6
    calendar_days("nine and a half are ten", "Fri 2024-06-07 10:00", "9.5", "Mon 2024-06-17"),
)
def test_a_fraction_of_a_day_rounds_up_to_a_day(case: Case) -> None:
    check(case)


@cases(
    # 2h30 + 3h30 = 6h | 2h from 07:00
    moment("over lunch and a night", "Tue 2024-06-11 09:00", "1", "Wed 2024-06-12 09:00"),
    # 4h30 + 3h30 = 8h
    moment("from opening to closing", "Tue 2024-06-11 07:00", "1", "Tue 2024-06-11 17:00"),
    # before opening = 07:00
    moment("received before opening", "Tue 2024-06-11 05:00", "1", "Tue 2024-06-11 17:00"),
    # from 13:30: 3h30 | 4h30
    moment("received at lunch", "Tue 2024-06-11 12:00", "1", "Wed 2024-06-12 11:30"),
    moment("received as the morning closes", "Tue 2024-06-11 11:30", "1", "Wed 2024-06-12 11:30"),
    moment("received as the afternoon opens", "Tue 2024-06-11 13:30", "1", "Wed 2024-06-12 11:30"),
    # from 07:00 the next day: 8h
    moment("received as the office closes", "Tue 2024-06-11 17:00", "1", "Wed 2024-06-12 17:00"),
    moment("received at night", "Tue 2024-06-11 22:15", "1", "Wed 2024-06-12 17:00"),
    # 1 s | 7h59:59: 4h30 to 11:30, 3h29:59 from 13:30
    moment("received in the last second", "Tue 2024-06-11 16:59:59", "1", "Wed 2024-06-12 16:59:59"),
    # 2h | 15-16 | 6h: 4h30 to 11:30, 1h30 from 13:30
    moment("over a weekend", "Fri 2024-06-14 15:00", "1", "Mon 2024-06-17 15:00"),
    # from Mon 07:00
    moment("received on Saturday", "Sat 2024-06-15 10:00", "1", "Mon 2024-06-17 17:00"),
    # Mon 17/6 .. Fri 21/6
    moment("five days from Friday evening", "Fri 2024-06-14 18:00", "5", "Fri 2024-06-21 17:00"),
    # 3h | 8-14 | 15/2 8h = 11h | 5h: 4h30 to 11:30, 30 min from 13:30
    moment("over Tết 2024", "Wed 2024-02-07 14:00", "2", "Fri 2024-02-16 14:00"),
    # from Thu 15/2 07:00
    moment("received on the first day of Tết", "Thu 2024-02-08 09:00", "1", "Thu 2024-02-15 17:00"),
    # 1h30 + 3h30 = 5h | 2/5 8h = 13h, 3/5 8h = 21h | 3h from 07:00 on Sat 4/5
    moment("ends on a made-up Saturday", "Fri 2024-04-26 10:00", "3", "Sat 2024-05-04 10:00"),
    # 3h30 + 3h30 = 7h | 5 | 1h
    moment("received on a made-up Saturday", "Sat 2024-05-04 08:00", "1", "Mon 2024-05-06 08:00"),
    # 1h | 1-4/1 | 7h: 4h30 to 11:30, 2h30 from 13:30
    moment("over the swapped year end", "Wed 2025-12-31 16:00", "1", "Mon 2026-01-05 16:00"),
    # 30 s | 14-22 | 7h59:30
    moment("half a minute before Tết 2026", "Fri 2026-02-13 16:59:30", "1", "Mon 2026-02-23 16:59:30"),
    # from 13:30: 3h30 | 25-27 | 28/4 8h = 11h30 | 4h30
    moment("over Giỗ Tổ 2026", "Fri 2026-04-24 13:00", "2", "Wed 2026-04-29 11:30"),
    # 3h + 3h30 = 6h30 | 24 | 1h30
    moment("over Ngày Văn hóa", "Mon 2026-11-23 08:30", "1", "Wed 2026-11-25 08:30"),
)
def test_by_the_moment_a_working_day_is_eight_working_hours_from_receipt(case: Case) -> None:
    check(case)


@cases(
    # 1h30 to 11:30 | 30 min from 13:30
    working_hours("over lunch", "Tue 2024-06-11 10:00", "2", "Tue 2024-06-11 14:00"),
    # 4h30
    working_hours("a whole morning", "Tue 2024-06-11 07:00", "4.5", "Tue 2024-06-11 11:30"),
    # from 13:30
    working_hours("received at lunch", "Tue 2024-06-11 12:15", "0.5", "Tue 2024-06-11 14:00"),
    # 1h | 1h
    working_hours("over a night", "Tue 2024-06-11 16:00", "2", "Wed 2024-06-12 08:00"),
    # from 07:00
    working_hours("received before dawn", "Wed 2024-06-12 03:00", "1", "Wed 2024-06-12 08:00"),
    # 30 min | 15-16 | 3h30
    working_hours("over a weekend", "Fri 2024-06-14 16:30", "4", "Mon 2024-06-17 10:30"),
    # from Mon 07:00
    working_hours("received on Friday evening", "Fri 2024-06-14 19:00", "2", "Mon 2024-06-17 09:00"),
    working_hours("received on Saturday", "Sat 2024-06-15 09:00", "8", "Mon 2024-06-17 17:00"),
    # 30 min | 8-14 | 30 min
    working_hours("over Tết 2024", "Wed 2024-02-07 16:30", "1", "Thu 2024-02-15 07:30"),
    # 1h | 27/4 - 1/5 | 1h
    working_hours("over the swapped Monday of 2024", "Fri 2024-04-26 16:00", "2", "Thu 2024-05-02 08:00"),
    # 1h | Sat 4/5 3h
    working_hours("ends on the made-up Saturday of 2024", "Fri 2024-05-03 16:00", "4", "Sat 2024-05-04 10:00"),
    # 2h | Sat 4/5 8h = 10h | 5 | 2h
    working_hours("through the made-up Saturday of 2024", "Fri 2024-05-03 15:00", "12", "Mon 2024-05-06 09:00"),
    # 30 min | 5 | 30 min
    working_hours("received on the made-up Saturday of 2024", "Sat 2024-05-04 16:30", "1", "Mon 2024-05-06 07:30"),
    # 1h | Sat 26/4 8h = 9h | 28/4 8h = 17h | 7h: 4h30 to 11:30, 2h30 from 13:30
    working_hours("through the made-up Saturday of 2025", "Fri 2025-04-25 16:00", "24", "Tue 2025-04-29 16:00"),
    # 1h | 30/4 - 4/5 | 1h
    working_hours("over the swapped Friday of 2025", "Tue 2025-04-29 16:00", "2", "Mon 2025-05-05 08:00"),
    # from Mon 5/1 07:00
    working_hours("received on the swapped Friday of 2026", "Fri 2026-01-02 09:00", "1", "Mon 2026-01-05 08:00"),
    # from Sat 10/1 07:00
    working_hours("at closing before a made-up Saturday", "Fri 2026-01-09 17:00", "4", "Sat 2026-01-10 11:00"),
    # 1h30 | Sat 22/8 8h = 9h30 | 23 | 30 min
    working_hours("through the made-up Saturday of 2026", "Fri 2026-08-21 15:30", "10", "Mon 2026-08-24 07:30"),
    # 2h30 | 29/8 - 2/9 | 1h30
    working_hours("over the swapped Monday of 2026", "Fri 2026-08-28 14:30", "4", "Thu 2026-09-03 08:30"),
    # from Wed 25/11 07:00
    working_hours("received on Ngày Văn hóa", "Tue 2026-11-24 10:00", "2", "Wed 2026-11-25 09:00"),
    # 2h | 30/12 - 1/1 | 2h
    working_hours("over the end of 2023", "Fri 2023-12-29 15:00", "4", "Tue 2024-01-02 09:00"),
    # 1h | 1/1 | 2h
    working_hours("over the end of 2024", "Tue 2024-12-31 16:00", "3", "Thu 2025-01-02 09:00"),
)
def test_working_hours_run_only_while_the_office_is_open(case: Case) -> None:
    check(case)


@cases(
    hours("over midnight", "Tue 2024-06-11 23:00", "2", "Wed 2024-06-12 01:00"),
    hours("into a Saturday", "Fri 2024-06-14 16:00", "24", "Sat 2024-06-15 16:00"),
    hours("one and a half on a Sunday", "Sun 2024-06-16 10:00", "1.5", "Sun 2024-06-16 11:30"),
    hours("into the first day of Tết", "Wed 2024-02-07 15:00", "24", "Thu 2024-02-08 15:00"),
    hours("three days into Tết", "Wed 2024-02-07 15:00", "72", "Sat 2024-02-10 15:00"),
    hours("from after closing into Tết 2026", "Fri 2026-02-13 17:30", "72", "Mon 2026-02-16 17:30"),
    hours("over midnight on 2/9", "Mon 2025-09-01 23:30", "1", "Tue 2025-09-02 00:30"),
    hours("over 29 February", "Wed 2024-02-28 12:00", "48", "Fri 2024-03-01 12:00"),
    hours("over the end of February in a common year", "Thu 2025-02-27 12:00", "48", "Sat 2025-03-01 12:00"),
    hours("over the end of a year", "Tue 2024-12-31 22:00", "4", "Wed 2025-01-01 02:00"),
)
def test_hours_run_from_the_moment_through_nights_and_days_off(case: Case) -> None:
    check(case)


@cases(
    # 17:30 UTC on Wed 12/6 is 00:30 on Thu 13/6 in Vietnam: 14/6
    working_days("a day later in Vietnam", "Thu 2024-06-13 00:30", "1", "Fri 2024-06-14"),
    # 18:00 UTC on Wed 7/2 is 01:00 on Thu 8/2: 8/2 -> 15/2
    calendar_days("already Tết in Vietnam", "Thu 2024-02-08 01:00", "0", "Thu 2024-02-15"),
    # 17:00 UTC on Tue 30/1 is 00:00 on Wed 31/1 -> 29/2
    months("already the last day of the month", "Wed 2024-01-31 00:00", "1", "Thu 2024-02-29"),
    # 20:00 UTC on Tue 31/12 is 03:00 on Wed 1/1: from Thu 2/1 07:00
    working_hours("already the new year in Vietnam", "Wed 2025-01-01 03:00", "2", "Thu 2025-01-02 09:00"),
    # 20:00 UTC on Fri 14/6 is 03:00 on Sat 15/6
    hours("already Saturday in Vietnam", "Sat 2024-06-15 03:00", "3", "Sat 2024-06-15 06:00"),
)
def test_a_moment_of_receipt_written_in_another_zone_is_read_in_vietnam_time(case: Case) -> None:
    check(case, clock=lambda at: at.astimezone(UTC))
