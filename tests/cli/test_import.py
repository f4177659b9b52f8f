"""Rows of CSV and XLSX as people save them."""

import json
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook

from cli.import_ import (
    DOSSIER_COLUMNS,
    DOSSIER_DATES,
    FEEDBACK_COLUMNS,
    FEEDBACK_DATES,
    SOURCE,
    Table,
    dossier_row,
    feedback_row,
)
from cli.tables import TableError, read_rows
from streams import codec
from streams.topics import Topics
from tests.support.cli import at, run

NOW = datetime(2026, 9, 14, tzinfo=UTC)
CODE = "H99.1-260914-0007"
CSV = f"MaHoSo,TrangThai,NgayTiepNhan,NgayHenTra\n{CODE},4,20260914083000,21/9/2026\n"


def dossiers(path):
    table = Table(path, DOSSIER_COLUMNS, DOSSIER_DATES, dossier_row)
    return [codec.admit(message.value) for message in table.messages(Topics())], table.refusals


def feedback(path):
    table = Table(path, FEEDBACK_COLUMNS, FEEDBACK_DATES, lambda *row: feedback_row(*row, now=NOW))
    return [codec.admit_received(message.value, "") for message in table.messages(Topics())], table.refusals


def sheet(path, *rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_of_excel_are_read(tmp_path, encoding, delimiter):
    file = tmp_path / "hồ sơ.csv"
    file.write_text(CSV.replace(",", delimiter), encoding=encoding)
    (event,), refusals = dossiers(file)
    assert refusals == []
    assert (event.dossier_code, event.source, event.transition.status) == (CODE, SOURCE, 4)
    assert event.transition.due_at.date() == date(2026, 9, 21)


def test_names_of_the_contract_are_read_whatever_their_case(tmp_path):
    file = tmp_path / "f.csv"
    file.write_text(f"Dossier_Code,STATUS,occurred_at,ghi chú\n{CODE},9,2026-09-18T10:00:00,gì đó\n")
    (event,), _ = dossiers(file)
    assert (event.dossier_code, event.transition.status) == (CODE, 9)


def test_a_bare_payload_and_its_row_have_the_same_id(tmp_path):
    file = tmp_path / "f.csv"
    file.write_text(CSV)
    (event,), _ = dossiers(file)
    bare = {"MaHoSo": CODE, "TrangThai": 4, "NgayTiepNhan": "20260914083000"}
    assert event.id == codec.admit(json.dumps(bare).encode()).id


def test_dates_and_numbers_of_excel_are_read_as_what_they_mean(tmp_path):
    file = sheet(
        tmp_path / "f.xlsx",
        ["MaHoSo", "TrangThai", "NgayTiepNhan", "NgayHenTra", "KenhThucHien"],
        [CODE, 4.0, datetime(2026, 9, 14, 8, 30), date(2026, 9, 21), 1],  # noqa: DTZ001 - as Excel has it
        ["H99.1-260914-0008", 2, 20260914083000, 46286, 2],
        ["H99.1-260914-0009", 2, 46279.354166666664, "21/09/2026", 3],
    )
    events, refusals = dossiers(file)
    assert refusals == []
    moments = {event.transition.at.isoformat() for event in events}
    assert moments == {"2026-09-14T08:30:00+07:00"}
    assert {event.transition.due_at.date() for event in events} == {date(2026, 9, 21)}
    assert [event.transition.channel for event in events] == ["1", "2", "3"]


def test_a_refused_row_is_named_by_its_line_in_the_file(tmp_path):
    file = tmp_path / "f.csv"
    file.write_text(f"{CSV}\n{CODE},4,20260914083000,31/2/2026\n,4,20260914083000,\n")
    events, refusals = dossiers(file)
    assert len(events) == 1
    assert [(refusal.line, refusal.field) for refusal in refusals] == [(4, "due_at"), (5, "dossier_code")]


def test_a_cell_with_line_breaks_counts_its_row_where_it_begins(tmp_path):
    file = tmp_path / "f.csv"
    file.write_text('text,channel\n"dòng một\ndòng hai",app\nđèn hỏng,fax\n', encoding="utf-8")
    (found,), refusals = feedback(file)
    assert found[2].text == "dòng một\ndòng hai"
    assert [(refusal.line, refusal.field) for refusal in refusals] == [(4, "channel")]


def test_feedback_keeps_its_id_when_it_is_imported_again_and_two_rows_never_share_one(tmp_path):
    file = tmp_path / "f.csv"
    file.write_text("text,channel\nđèn hỏng,app\nđèn hỏng,app\n", encoding="utf-8")
    first, again = feedback(file)[0], feedback(file)[0]
    assert [one[0] for one in first] == [one[0] for one in again]
    assert len({one[0] for one in first}) == 2


def test_feedback_of_another_file_with_the_same_name_is_not_taken_for_the_first(tmp_path):
    ids = set()
    for month, text in (("8", "đèn hỏng"), ("9", "ổ gà")):
        (tmp_path / month).mkdir()
        file = tmp_path / month / "f.csv"
        file.write_text(f"text,channel\n{text},app\n", encoding="utf-8")
        ids |= {one[0] for one in feedback(file)[0]}
    assert len(ids) == 2


def test_cells_of_feedback_become_numbers_yes_and_no_links_and_a_reporter(tmp_path):
    file = tmp_path / "f.csv"
    file.write_text(
        "feedback_id;text;channel;latitude;longitude;anonymous;attachments;reporter_phone\n"
        "PA-1;đèn hỏng;hotline;16,05;108.2;có;https://a.example/1 https://a.example/2;0900 000 012\n",
        encoding="utf-8",
    )
    ((id_, _, received, _),), refusals = feedback(file)
    assert refusals == []
    assert (id_, received.latitude, received.longitude, received.anonymous) == ("PA-1", 16.05, 108.2, True)
    assert received.attachments == ("https://a.example/1", "https://a.example/2")
    assert received.reporter == {"phone": "0900 000 012"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("f.csv", b"a,b\n1,2\n", id="no known column"),
        pytest.param("f.csv", "MaHoSo,tên\nC,Đèn\n".encode("cp1258", "replace"), id="a code page"),
        pytest.param("f.xlsx", b"not a workbook", id="no workbook"),
        pytest.param("f.csv", b"PK\x03\x04\x00\x00", id="a workbook named csv"),
        pytest.param("none.csv", None, id="no file"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(tmp_path, name, content):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(TableError):
        list(read_rows(file, DOSSIER_COLUMNS, DOSSIER_DATES))
    status, out, error = run(["import", "dossiers", str(file), *at(tmp_path)])
    assert (status, out, len(error.splitlines())) == (1, "", 1)


def test_the_table_of_refusals_holds_no_value_and_goes_when_all_is_mended(tmp_path):
    file, table = tmp_path / "f.csv", tmp_path / "f.csv.refused.csv"
    file.write_text("text,channel\nmột bí mật,fax\n", encoding="utf-8")
    assert run(["import", "feedback", str(file), *at(tmp_path)])[0] == 1
    assert "channel" in table.read_text("utf-8-sig")
    assert "bí mật" not in table.read_text("utf-8-sig")
    file.write_text("text,channel\n", encoding="utf-8")
    assert run(["import", "feedback", str(file), *at(tmp_path)])[0] == 0
    assert not table.exists()
