"""Dossier codes of three generations, and the date in them against the receipt."""

from datetime import date

import pytest

from casework.codes import contradicts, parse_code


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
def test_another_shape_is_no_code_and_contradicts_nothing(text: str) -> None:
    assert parse_code(text) is None
    assert not contradicts(text, date(2026, 1, 1))


def test_the_date_in_a_code_is_that_of_receipt() -> None:
    assert not contradicts("H09.12-200601-0001", date(2020, 6, 1))
    assert contradicts("H09.12-200601-0001", date(2020, 6, 2))
