"""The working hours of Alertmanager's file, from the working calendar and the office hours of the rules."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import yaml

from casework.calendar import Calendar
from casework.rules import Rules

BEGIN = "# lịch: hai mục dưới đây do `python -m cli.observability` tạo từ calendar.csv và office_hours; đừng sửa tay\n"
END = "# hết lịch\n"
PLACE = "Asia/Ho_Chi_Minh"
WORKING, OFF = "gio-hanh-chinh", "ngay-nghi"
Days = dict[str, object]


class HoursError(ValueError):
    """Alertmanager's file has no place for the working hours."""


def with_hours(config: str, rules: Rules) -> str:
    """The file with the time intervals of these rules between its two marks. Raises HoursError where it has none."""
    block = re.compile(f"{re.escape(BEGIN)}.*?{END}", re.DOTALL)
    if not block.search(config):
        raise HoursError(f"alertmanager.yml: {BEGIN.strip()} … {END.strip()}")
    made = yaml.safe_dump({"time_intervals": _intervals(rules)}, sort_keys=False, default_flow_style=None, width=120)
    return block.sub(lambda _: BEGIN + made + END, config)


def _intervals(rules: Rules) -> list[Days]:
    """Offices work on weekdays and on days that make up for others, but for the days off."""
    made_up = _months(_days(rules.calendar, works=True))
    working: list[Days] = [{"weekdays": ["monday:friday"]}, *made_up]
    off = [{**months, "location": PLACE} for months in _months(_days(rules.calendar, works=False))]
    hours = [{**days, "times": _times(rules), "location": PLACE} for days in working]
    return [{"name": WORKING, "time_intervals": hours}, {"name": OFF, "time_intervals": off}]


def _times(rules: Rules) -> list[Days]:
    spans = rules.settings.hours.spans
    return [{"start_time": f"{opens:%H:%M}", "end_time": f"{closes:%H:%M}"} for opens, closes in spans]


def _days(calendar: Calendar, *, works: bool) -> Iterable[date]:
    return (row.date for row in calendar.rows() if row.counted and not row.agency and row.works == works)


def _months(days: Iterable[date]) -> list[Days]:
    by_month: dict[tuple[int, int], list[str]] = defaultdict(list)
    for day in days:
        by_month[day.year, day.month].append(str(day.day))
    return [{"years": [str(year)], "months": [str(month)], "days_of_month": found}
            for (year, month), found in sorted(by_month.items())]  # fmt: skip
