"""`langnghe report cuts`: which dossiers of a period would still have met their limits had these been cut."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
from typer.testing import CliRunner

from casework.dossiers import DossierState, Transition
from cli import report
from desk.store import tables
from desk.store.rows import dossier_row
from streams.codec import encode_state
from tests.support.cli import NOWHERE, at
from tests.support.dossiers import dossier, step
from tests.support.rules import rules

TEN = next(
    code
    for code, one in rules().procedures.items()
    if one.limit and (one.limit.amount, one.limit.unit) == (10, "working_days")
)
YEAR = ["--from", "2026-01-01", "--to", "2027-01-01"]
GROUP, ENDED, JUDGED = "Nhóm", "Đã kết thúc", "Có thời hạn để xét"


def cuts(data: Path, *options: str, **environment: str) -> tuple[int, bytes, str]:
    """Exit status, standard output and standard error of the command."""
    app = typer.Typer()
    report.commands(app)
    environment = {"KAFKA_BOOTSTRAP": NOWHERE} | environment
    result = CliRunner().invoke(app, ["report", "cuts", *options, *at(data)], env=environment)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout_bytes, result.stderr


def rows(data: Path, *options: str) -> dict[str, dict[str, Any]]:
    """The rows of the report by their name."""
    status, out, _ = cuts(data, *options, "--format", "json")
    assert status == 0
    return {row[GROUP]: row for row in json.loads(out)}


def ended(code: str, end: str, start: str = "03-02 09:00", **told: Any) -> DossierState:
    """Received on Monday 2 March with ten working days; 20 % less end on the 12th, 30 % less on the 11th."""
    received = step(start, 2, **{"procedure_code": TEN, "agency": "LG.SXD", "field": "Nhà ở", **told})
    return dossier(received, step(end, 9), code=code, under=rules())


def put(data: Path, *states: DossierState) -> None:
    engine = tables.open_engine(f"sqlite:///{data / 'read-model.db'}")
    tables.ensure(engine)
    with engine.begin() as connection:
        for state in states:
            connection.execute(tables.dossiers.insert().values(dossier_row("", encode_state(state))))
    engine.dispose()


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """One met both cuts, one only that of 20 %, one neither; one open, one whose procedure has no limit."""
    put(
        tmp_path,
        ended("a", "03-11 09:00"),
        ended("b", "03-12 09:00", agency="LG.X01", field="Hộ tịch"),
        ended("c", "03-13 09:00", agency="LG.X01", field="Hộ tịch"),
        dossier(step("03-02 09:00", 2, procedure_code=TEN), code="d", under=rules()),
        ended("e", "03-03 09:00", procedure_code=None),
    )
    return tmp_path


def test_the_last_row_adds_up(three: Path) -> None:
    found = rows(three, *YEAR)
    assert list(found)[-1] == "Cộng"
    assert found["Cộng"] == {
        GROUP: "Cộng",
        ENDED: 4,
        JUDGED: 3,
        "Kịp nếu cắt giảm 20 %": 2,
        "Tỷ lệ ở mức 20 % (%)": 66.67,
        "Kịp nếu cắt giảm 30 %": 1,
        "Tỷ lệ ở mức 30 % (%)": 33.33,
    }
    for column in (ENDED, JUDGED, "Kịp nếu cắt giảm 20 %", "Kịp nếu cắt giảm 30 %"):
        assert sum(row[column] for name, row in found.items() if name != "Cộng") == found["Cộng"][column]


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("level", ["Cấp tỉnh", "Cấp xã"]),
        ("agency", ["Sở Xây dựng", "Ủy ban nhân dân xã Thạch Bồng"]),
        ("field", ["Hộ tịch", "Nhà ở"]),
    ],
)
def test_a_row_is_a_level_an_agency_or_a_field_in_words(three: Path, by: str, names: list[str]) -> None:
    found = rows(three, *YEAR, "--by", by)
    assert sorted(found) == sorted([*names, "Cộng"])
    assert sorted(found[name][JUDGED] for name in names) == [1, 2]


def test_by_default_the_rows_are_levels_and_the_cuts_20_and_30(three: Path) -> None:
    assert rows(three, *YEAR) == rows(three, *YEAR, "--by", "level", "--percent", "20", "--percent", "30")


def test_levels_stand_in_the_order_of_the_administration(tmp_path: Path) -> None:
    put(
        tmp_path,
        ended("a", "03-11 09:00", agency="LG.X01"),
        ended("b", "03-11 09:00", agency="LG.CA"),
        ended("c", "03-11 09:00"),
        ended("d", "2025-03-05 09:00", "2025-03-03 09:00", agency="LG.HTB"),
    )
    names = list(rows(tmp_path, "--from", "2025-01-01", "--to", "2027-01-01"))
    assert names == ["Cấp tỉnh", "Cấp huyện (đến 30/6/2025)", "Cấp xã", "Cơ quan ngành dọc", "Cộng"]


def test_fields_stand_in_the_order_of_the_vietnamese_alphabet(tmp_path: Path) -> None:
    names = ["Chứng thực", "Dân tộc", "Đất đai", "Hộ tịch", "Ô nhiễm", "Xây dựng", "Y tế"]
    put(tmp_path, *(ended(str(n), "03-11 09:00", field=name) for n, name in enumerate(names)))
    assert list(rows(tmp_path, *YEAR, "--by", "field")) == [*names, "Cộng"]


def test_other_cuts_may_be_asked_for(three: Path) -> None:
    total = rows(three, *YEAR, "--percent", "0", "--percent", "90")["Cộng"]
    assert (total["Kịp nếu cắt giảm 0 %"], total["Kịp nếu cắt giảm 90 %"]) == (3, 0)
    assert "Kịp nếu cắt giảm 20 %" not in total


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        pytest.param("2026-03-11T09:00:00+07:00", "2026-03-12T09:00:00+07:00", 1, id="from-is-in-to-is-not"),
        pytest.param("2026-03-11T09:00:01+07:00", "2026-03-12T09:00:01+07:00", 1, id="a-second-later"),
        pytest.param("2026-03-11T02:00:00Z", "2026-03-11T02:00:01Z", 1, id="in-another-zone"),
        pytest.param("2026-03-11T09:00", "2026-03-11T09:01", 1, id="without-an-offset-it-is-vietnam-time"),
        pytest.param("2026-03-12", "2026-03-13", 1, id="a-bare-date-is-its-midnight-also-as-the-end"),
        pytest.param("2026-03-02", "2026-03-03", 0, id="received-then-but-not-ended"),
    ],
)
def test_a_dossier_belongs_to_the_period_of_its_end(three: Path, start: str, end: str, count: int) -> None:
    assert rows(three, "--from", start, "--to", end)["Cộng"][ENDED] == count


def districts(data: Path) -> Path:
    """A district of before July 2025 and the commune that succeeded it."""
    put(
        data,
        ended("a", "2025-03-12 09:00", "2025-03-03 09:00", agency="LG.HTB"),
        ended("b", "03-12 09:00", agency="LG.X01"),
    )
    return data


BOTH_YEARS = ["--from", "2025-01-01", "--to", "2027-01-01"]


def test_as_reported_a_district_keeps_its_row(tmp_path: Path) -> None:
    found = rows(districts(tmp_path), *BOTH_YEARS, "--by", "agency")
    assert found["Ủy ban nhân dân huyện Thạch Bồng"][ENDED] == found["Ủy ban nhân dân xã Thạch Bồng"][ENDED] == 1
    assert set(rows(tmp_path, *BOTH_YEARS)) == {"Cấp huyện (đến 30/6/2025)", "Cấp xã", "Cộng"}


def test_on_today_s_map_a_district_is_its_successor(tmp_path: Path) -> None:
    found = rows(districts(tmp_path), *BOTH_YEARS, "--by", "agency", "--map", "today")
    assert {name: row[ENDED] for name, row in found.items()} == {"Ủy ban nhân dân xã Thạch Bồng": 2, "Cộng": 2}
    assert {name: row[ENDED] for name, row in rows(tmp_path, *BOTH_YEARS, "--map", "today").items()} == {
        "Cấp xã": 2,
        "Cộng": 2,
    }


def test_on_today_s_map_a_level_that_a_source_gave_does_not_keep_the_district_alive(tmp_path: Path) -> None:
    put(tmp_path, ended("a", "2025-03-12 09:00", "2025-03-03 09:00", agency="LG.HTB", level="district"))
    assert set(rows(tmp_path, *BOTH_YEARS, "--map", "today")) == {"Cấp xã", "Cộng"}


def test_the_map_does_not_change_the_total(tmp_path: Path) -> None:
    data = districts(tmp_path)
    assert rows(data, *BOTH_YEARS)["Cộng"] == rows(data, *BOTH_YEARS, "--map", "today")["Cộng"]


def test_on_today_s_map_an_agency_that_is_not_listed_keeps_the_level_that_its_source_gave(tmp_path: Path) -> None:
    put(tmp_path, ended("a", "03-11 09:00", agency="H09.12", level="commune"))
    assert list(rows(tmp_path, *YEAR, "--map", "today")) == list(rows(tmp_path, *YEAR)) == ["Cấp xã", "Cộng"]


@pytest.mark.parametrize("by", ["level", "agency", "field"])
def test_what_names_no_group_has_a_row_in_words(tmp_path: Path, by: str) -> None:
    put(tmp_path, ended("a", "03-11 09:00", agency=None, field=None), ended("b", "03-11 09:00", agency="Sở lạ"))
    found = rows(tmp_path, *YEAR, "--by", by)
    assert found["Cộng"][ENDED] == 2
    assert not {"None", "unknown", "", "null"} & set(found)
    assert list(found)[-2:] == ["Chưa rõ", "Cộng"] or by == "field"


def test_a_period_without_dossiers_has_only_the_total(three: Path) -> None:
    found = rows(three, "--from", "2029-01-01", "--to", "2030-01-01")
    assert list(found) == ["Cộng"]
    assert (found["Cộng"][ENDED], found["Cộng"]["Tỷ lệ ở mức 20 % (%)"]) == (0, None)


def test_a_table_is_read_by_people(three: Path) -> None:
    status, out, _ = cuts(three, *YEAR)
    lines = out.decode().rstrip().splitlines()
    assert (status, lines[0].split()[0], lines[-1].split()[0]) == (0, GROUP, "Cộng")
    assert "66,67" in lines[-1]
    assert len({len(line) for line in lines}) == 1


def test_csv_opens_in_a_spreadsheet(three: Path) -> None:
    _, out, _ = cuts(three, *YEAR, "--format", "csv")
    found = list(csv.DictReader(io.StringIO(out.decode("utf-8-sig"))))
    assert out.startswith("\ufeff".encode())
    assert (found[-1][GROUP], found[-1][ENDED]) == ("Cộng", "4")
    assert list(found[0]) == list(rows(three, *YEAR)["Cộng"])


def test_xlsx_has_the_same_cells(three: Path) -> None:
    _, out, _ = cuts(three, *YEAR, "--format", "xlsx")
    head, *cells = openpyxl.load_workbook(io.BytesIO(out)).active.iter_rows(values_only=True)
    assert [dict(zip(head, row, strict=True)) for row in cells] == list(rows(three, *YEAR).values())


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A1", "+84 900", "@SUM(A1)", "-1"])
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_a_name_from_outside_is_no_formula(tmp_path: Path, format_: str, name: str) -> None:
    put(tmp_path, ended("a", "03-11 09:00", field=name))
    _, out, _ = cuts(tmp_path, *YEAR, "--by", "field", "--format", format_)
    if format_ == "csv":
        cell = list(csv.reader(io.StringIO(out.decode("utf-8-sig"))))[1][0]
        assert cell[0] not in "=+-@"
    else:
        assert openpyxl.load_workbook(io.BytesIO(out)).active.cell(2, 1).data_type == "s"


REFUSED: list[Any] = [
    pytest.param(["--from", "30/02/2026", "--to", "2027-01-01"], "--from", id="a-day-that-does-not-exist"),
    pytest.param(["--from", "2026-01-01", "--to", "mai"], "--to", id="no-date"),
    pytest.param(["--from", "2027-01-01", "--to", "2026-01-01"], "--from", id="the-wrong-way-round"),
    pytest.param(["--from", "2026-01-01", "--to", "2026-01-01"], "--from", id="an-empty-period"),
    pytest.param([*YEAR, "--percent", "-1"], "--percent", id="less-than-no-cut"),
    pytest.param([*YEAR, "--percent", "91"], "--percent", id="more-than-90-percent"),
]


@pytest.mark.parametrize("options, named", REFUSED)
def test_an_option_that_cannot_be_used_is_refused_in_words(three: Path, options: list[str], named: str) -> None:
    status, out, error = cuts(three, *options)
    assert (status, out) == (1, b"")
    assert named in error
    assert "phải" in error or "không" in error


def test_without_a_read_model_the_user_learns_what_to_do(tmp_path: Path) -> None:
    status, out, error = cuts(tmp_path, *YEAR)
    assert (status, out, "langnghe up" in error) == (1, b"", True)
    assert cuts(tmp_path, *YEAR) == (status, out, error)


def test_a_cut_given_twice_is_one_column_pair(three: Path) -> None:
    assert rows(three, *YEAR, "--percent", "20", "--percent", "20") == rows(three, *YEAR, "--percent", "20")


def test_the_rules_of_the_province_are_those_that_count(three: Path, tmp_path_factory: Any) -> None:
    own = tmp_path_factory.mktemp("rules")
    packaged: Callable[[], str] = (Path(report.__file__).parents[1] / "casework/data/procedures.csv").read_text
    lines = [line for line in packaged().splitlines() if not line.startswith(TEN)]
    (own / "procedures.csv").write_text("\n".join([*lines, f"{TEN},Thử,Thử,other,Cấp tỉnh,,20,working"]) + "\n")
    status, out, _ = cuts(three, *YEAR, "--format", "json", LANGNGHE_RULES=str(own))
    assert (status, json.loads(out)[-1]["Kịp nếu cắt giảm 30 %"]) == (0, 3)


def test_a_long_history_is_one_dossier(tmp_path: Path) -> None:
    steps: list[Transition] = [step("03-02 09:00", 2, procedure_code=TEN, agency="LG.SXD")]
    steps += [step("03-05 09:00", 6), step("03-09 09:00", 4), step("03-16 09:00", 9), step("03-18 09:00", 10)]
    put(tmp_path, dossier(*steps, code="a", under=rules()))
    total = rows(tmp_path, *YEAR)["Cộng"]
    assert (total[ENDED], total["Kịp nếu cắt giảm 20 %"], total["Kịp nếu cắt giảm 30 %"]) == (1, 1, 0)
