"""`langnghe due`: the contract of the command line, on deadlines counted by hand."""

import json

import pytest

from tests.support.cli import run


def due(*lines: str) -> tuple[int, list[dict[str, object]]]:
    status, out, _ = run(["due"], "\n".join(lines) + "\n")
    return status, [json.loads(line) for line in out.splitlines()]


@pytest.mark.parametrize(
    ("record", "due_at"),
    [
        pytest.param({"start": "2026-09-14T08:30:00+07:00", "amount": 5, "unit": "working_days"},
                     "2026-09-21T23:59:59+07:00", id="five working days over one weekend"),
        pytest.param({"start": "2026-09-14T08:30:00", "amount": 5, "unit": "working_days"},
                     "2026-09-21T23:59:59+07:00", id="a start without an offset is Vietnam time"),
        pytest.param({"start": "2026-09-14T18:30:00Z", "amount": 1, "unit": "calendar_days"},
                     "2026-09-16T23:59:59+07:00", id="the day is that of Vietnam"),
        pytest.param({"start": "2026-09-14T08:30:00+07:00", "amount": 24, "unit": "hours"},
                     "2026-09-15T08:30:00+07:00", id="hours run from the moment"),
        pytest.param({"start": "2026-09-14T16:00:00+07:00", "amount": 2, "unit": "working_hours"},
                     "2026-09-15T08:00:00+07:00", id="working hours stop at closing time"),
        pytest.param({"start": "2026-09-14T09:00:00+07:00", "amount": 1, "unit": "working_days", "style": "moment"},
                     "2026-09-15T09:00:00+07:00", id="a working day by moment is eight hours"),
    ],
)  # fmt: skip
def test_a_deadline_is_answered_with_its_moment_date_and_reasons(record, due_at):
    status, (answer,) = due(json.dumps({"id": "a", **record}))
    assert (status, answer["id"], answer["due_at"]) == (0, "a", due_at)
    assert answer["due_date"] == due_at[:10]
    assert all(isinstance(line, str) for line in answer["explanation"])
    assert set(answer) == {"id", "due_at", "due_date", "explanation"}


def test_the_explanation_names_the_law_of_a_day_off():
    _, (answer,) = due('{"id":1,"start":"2026-08-31T08:00:00","amount":3,"unit":"working_days"}')
    assert any("Bộ luật Lao động 2019" in line for line in answer["explanation"])


GOOD = '{"id":"good","start":"2026-09-14","amount":1,"unit":"hours"}'


@pytest.mark.parametrize(
    ("line", "id_"),
    [
        pytest.param("not json", None, id="not JSON"),
        pytest.param("[1]", None, id="not an object"),
        pytest.param("", None, id="a blank line between others"),
        pytest.param('{"start":"2026-09-14","amount":1,"unit":"hours"}', None, id="no id"),
        pytest.param('{"id":"x","amount":1,"unit":"hours"}', "x", id="no start"),
        pytest.param('{"id":"x","start":"2026-02-30","amount":1,"unit":"hours"}', "x", id="impossible date"),
        pytest.param('{"id":"x","start":"2026-09-14","amount":-1,"unit":"hours"}', "x", id="negative amount"),
        pytest.param('{"id":"x","start":"2026-09-14","amount":"bảy","unit":"hours"}', "x", id="amount in words"),
        pytest.param('{"id":"x","start":"2026-09-14","amount":true,"unit":"hours"}', "x", id="amount true"),
        pytest.param('{"id":"x","start":"2026-09-14","amount":1,"unit":["hours"]}', "x", id="unit a list"),
        pytest.param('{"id":"x","start":"2026-09-14","amount":1,"unit":"weeks"}', "x", id="unknown unit"),
        pytest.param('{"id":"x","start":"2026-09-14","amount":1,"unit":"hours","style":"soon"}', "x", id="style"),
        pytest.param('{"id":"x","start":"2026-09-14","amount":1,"unit":"hours","agency":7}', "x", id="agency"),
        pytest.param('{"id":"x","start":"9998-09-14","amount":1,"unit":"months"}', "x", id="beyond the calendar"),
    ],
)
def test_a_bad_line_gets_an_error_in_its_place_and_the_others_their_answers(line, id_):
    status, (before, bad, after) = due(GOOD, line, GOOD)
    assert status == 1
    assert before == after
    assert before["due_at"] == "2026-09-14T01:00:00+07:00"
    assert bad["id"] == id_
    assert set(bad) == {"id", "error"}


def test_trailing_blank_lines_a_byte_order_mark_and_no_last_newline_are_no_errors():
    status, out, _ = run(["due"], b"\xef\xbb\xbf" + GOOD.encode() + b"\r\n" + GOOD.encode())
    assert status == 0
    assert len(out.splitlines()) == 2
    assert due(GOOD, "", "")[0] == 0


OWN = {
    "settings.toml": '[office_hours]\n"LG.X17" = ["07:30-11:30", "13:00-17:00"]\n',
    "calendar.csv": "date,kind,name,source,counted,agency\n"
    "2026-09-02,holiday,Quốc khánh,Điều 112,yes,\n"
    "2026-09-19,local_working,Trực thứ Bảy,QĐ 7/QĐ-UBND,yes,LG.X17\n",
}


@pytest.mark.parametrize(
    ("agency", "due_at", "named"),
    [
        pytest.param("LG.X17", "2026-09-19T10:30:00+07:00", True, id="an agency with hours and days of its own"),
        pytest.param("UBND xã Quế Lộc", "2026-09-19T10:30:00+07:00", True, id="the same by its name"),
        pytest.param("LG.X18", "2026-09-21T10:30:00+07:00", False, id="an agency without"),
        pytest.param(None, "2026-09-21T10:30:00+07:00", False, id="no agency"),
    ],
)
def test_office_hours_and_days_are_those_of_the_agency(tmp_path, agency, due_at, named):
    for name, text in OWN.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    record = {"id": 1, "start": "2026-09-18T10:30:00", "amount": 1, "unit": "working_days", "style": "moment"}
    _, out, _ = run(["due"], json.dumps(record | {"agency": agency}), LANGNGHE_RULES=str(tmp_path))
    answer = json.loads(out)
    words = ["Giờ làm việc của Ủy ban nhân dân xã Quế Lộc: 07:30-11:30, 13:00-17:00"] if named else []
    assert answer["due_at"] == due_at
    assert [line for line in answer["explanation"] if line.startswith("Giờ làm việc")] == words
    assert any("lịch riêng của đơn vị: QĐ 7/QĐ-UBND" in line for line in answer["explanation"]) is named


def test_a_start_in_the_lunch_hour_of_the_agency_waits_for_its_own_opening(tmp_path):
    for name, text in OWN.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    record = {"id": 1, "start": "2026-09-17T11:45:00", "amount": 1, "unit": "working_hours", "agency": "LG.X17"}
    _, out, _ = run(["due"], json.dumps(record), LANGNGHE_RULES=str(tmp_path))
    assert json.loads(out)["due_at"] == "2026-09-17T14:00:00+07:00"
