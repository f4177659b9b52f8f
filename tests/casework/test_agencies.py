"""The directory of agencies: free names, dated levels, who handles what."""

from datetime import date

import pytest

from casework.agencies import parse_agencies
from casework.errors import InvalidField
from casework.labels import DOMAINS
from tests.support.rules import rules

AGENCIES = rules().agencies
HEAD = "code,name,level,parent,valid_from,valid_to,successor,aliases\n"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("LG.SXD", "LG.SXD"),
        ("Sở Xây dựng", "LG.SXD"),
        ("  sở   xây DỰNG ", "LG.SXD"),
        ("So Xay dung", "LG.SXD"),
        ("H99.10", "LG.SXD"),
        ("Huyện Vân Khoát", "LG.HVK"),
        ("Xã Vân Khoát", "LG.X06"),
        ("UBND phường Bến Lam", "LG.P01"),
        ("H09.12", "H09.12"),
        ("Sở không ai biết", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_code_or_a_free_name_finds_its_agency(given, code):
    assert AGENCIES.match(given) == code


def test_a_name_written_with_combining_marks_is_the_same_name():
    assert AGENCIES.match("Sở Xây dựng") == "LG.SXD"


@pytest.mark.parametrize(
    ("code", "on", "level"),
    [
        ("LG.HVK", date(2025, 6, 30), "district"),
        ("LG.HVK", date(2025, 7, 1), "commune"),
        ("LG.SXD", date(2026, 1, 1), "province"),
        ("LG.CA", date(2026, 1, 1), "vertical"),
        ("H09.12", date(2026, 1, 1), None),
    ],
)
def test_the_level_is_that_of_the_day_and_passes_to_the_successor(code, on, level):
    assert AGENCIES.level(code, on) == level


def test_below_an_agency_is_itself_and_all_its_descendants():
    assert AGENCIES.below("LG.VP") == {"LG.VP", "LG.HCC", "LG.IOC", "LG.TCD"}
    assert AGENCIES.below("LG") == {agency.code for agency in AGENCIES}
    assert AGENCIES.below("LG.P01") == {"LG.P01"}


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_domain_has_an_agency_that_still_exists(domain):
    agency = AGENCIES.get(AGENCIES.for_domain(domain) or "")
    assert agency is not None
    assert agency.valid_to is None


def test_every_abolished_agency_has_a_successor_that_exists():
    abolished = [agency for agency in AGENCIES if agency.valid_to]
    assert sum(agency.level == "district" for agency in abolished) == 6
    assert all(AGENCIES.get(agency.successor or "") for agency in abolished)


def test_a_name_that_two_agencies_share_without_diacritics_means_neither():
    lines = [HEAD, "A1,Phường Hòa An,commune,,,,,\n", "A2,Phường Hoa Ấn,commune,,,,,\n"]
    agencies = parse_agencies(lines)
    assert agencies.match("phuong hoa an") == "unknown"
    assert agencies.match("Phường Hoa Ấn") == "A2"


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        (["Sở,Sở,province,,,,,\n"], "code"),
        (["A,Sở,ministry,,,,,\n"], "level"),
        (["A,Sở,province,,30/6/2025,,,\n"], "valid_from"),
        (["A,Sở,province,B,,,,\n"], "parent"),
        (["A,Sở,province,B,,,,\n", "B,Sở,province,A,,,,\n"], "parent"),
        (["A,Sở,province,,,2025-06-30,C,\n"], "successor"),
        (["A,Sở,province,,,,,\n", "A,Sở,province,,,,,\n"], "code"),
    ],
)
def test_a_directory_that_does_not_hold_together_is_refused(rows, field):
    with pytest.raises(InvalidField) as caught:
        parse_agencies([HEAD, *rows])
    assert caught.value.field == field
