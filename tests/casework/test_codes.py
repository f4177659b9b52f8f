"""Dossier codes of three generations, and the date in them against the receipt."""

from datetime import date

import pytest

from casework.codes import day_of, parse_code
from tests.support.dossiers import dossier, step


@pytest.mark.parametrize(
    ("text", "generation", "unit", "owner", "number"),
    [
        pytest.param(
            "000.00.12.H09-200601-0001", "tt_01_2018", "000.00.12.H09", None, 1, id="tt-01-2018-with-qcvn-102-2016"
        ),
        pytest.param("H09.12-200601-0001", "qd_20_2020", "H09.12", None, 1, id="qd-20-2020"),
        pytest.param("H09.12.03-200601-12345", "qd_20_2020", "H09.12.03", None, 12345, id="sequence-of-five"),
        pytest.param("H09-200601-0042", "qd_20_2020", "H09", None, 42, id="the-province-itself"),
        pytest.param("H09.012.03-200601-AB0001", "tt_04_2025", "H09.012.03", "AB", 1, id="tt-04-2025-art-13.3"),
        pytest.param("H09.012.03-200601-0112345", "tt_04_2025", "H09.012.03", "01", 12345, id="owner-in-digits"),
    ],
)
def test_a_code_is_taken_apart(text: str, generation: str, unit: str, owner: str | None, number: int) -> None:
    code = parse_code(text)
    assert code is not None
    assert (code.generation, code.unit, code.owner, code.number) == (generation, unit, owner, number)
    assert code.day == date(2020, 6, 1)


@pytest.mark.parametrize(
    "text", ["", "HB-2026112207", "H09.12-201301-0001", "H09.12-200601-001", "H09.12-２００６０１-0001"]
)
def test_another_shape_is_no_code(text: str) -> None:
    assert parse_code(text) is None


@pytest.mark.parametrize(
    ("code", "flags"),
    [
        pytest.param("H09.12-260302-0001", (), id="the-date-in-a-code-is-that-of-receipt"),
        pytest.param("000.00.12.H09-260302-0001", (), id="also-in-a-code-of-tt-01-2018"),
        pytest.param("H09.012.03-260302-AB0001", (), id="also-in-a-code-of-tt-04-2025"),
        pytest.param("H09.12-260303-0001", ("code_date_differs",), id="another-date-is-odd"),
        pytest.param("MOTCUA-2026-17", ("unknown_code",), id="a-code-of-no-known-generation-is-odd"),
        pytest.param("H09.12-260230-0001", ("unknown_code",), id="so-is-one-of-30-february"),
    ],
)
def test_a_code_is_checked_against_the_receipt(code: str, flags: tuple[str, ...]) -> None:
    assert dossier(step("03-02 09:00", 2, due_at="03-16"), code=code).flags == flags


@pytest.mark.parametrize("text", ["H59.1-260105-0001", "000.00.01.G12-180102-0001", "H59.101.02-250901-AA0001",
                                  "H59.1-260230-0001", "260105-0001", ""])  # fmt: skip
def test_the_day_alone_is_that_of_the_parts(text: str) -> None:
    code = parse_code(text)
    assert day_of(text) == (code.day if code else None)
