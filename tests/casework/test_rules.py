"""Rules and procedures: what a row gives, and one hash over files and settings."""

from dataclasses import replace
from decimal import Decimal

import pytest

from casework.dossiers import apply
from casework.errors import InvalidField
from casework.procedures import parse_procedures
from casework.rules import Settings, build_rules
from tests.support.dossiers import CODE, PROCEDURES, dossier, seen, small_rules, step
from tests.support.rules import files, rules


def test_the_packaged_procedures_have_limits_in_four_units() -> None:
    units = {procedure.limit.unit for procedure in rules().procedures.values() if procedure.limit}
    assert units == {"working_days", "calendar_days", "hours", "months"}
    assert "" not in rules().procedures


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        pytest.param(",10,working", ",-1,working", "days", id="negative"),
        pytest.param(",10,working", ",mười,working", "days", id="not-a-number"),
        pytest.param(",10,working", ",10,weeks", "day_type", id="unknown-unit"),
    ],
)
def test_a_limit_that_cannot_be_used_names_its_line(old: str, new: str, field: str) -> None:
    with pytest.raises(InvalidField, match="Dòng 2") as raised:
        parse_procedures(PROCEDURES.replace(old, new).splitlines(keepends=True))
    assert raised.value.field == field


def test_the_hash_tells_files_and_settings_apart() -> None:
    changed = files() | {"calendar.csv": files()["calendar.csv"] + "2026-12-31,local_closure,Thử,Văn bản thử,yes\n"}
    hashes = {rules().hash, build_rules(changed).hash, build_rules(files(), Settings(apology_days=0)).hash}
    assert len(hashes) == 3
    assert build_rules(files()).hash == rules().hash
    assert build_rules(changed).cause_since(rules().hash) == "calendar"
    assert build_rules(files(), Settings(apology_days=0)).cause_since(build_rules(changed).hash) == "calendar,settings"
    assert rules().cause_since("of-another-program") == "rules"


def test_working_days_may_be_counted_from_the_moment() -> None:
    procedure = parse_procedures(PROCEDURES.splitlines(keepends=True))["9.000010"].styled("moment")
    assert procedure.limit is not None and procedure.limit.amount == Decimal(10)
    by_moment = replace(small_rules(), procedures={procedure.code: procedure})
    state = dossier(step("03-02 09:00", 2, procedure_code=procedure.code), under=by_moment)
    assert seen(state, ["due_at", "watch"]) == {"due_at": "03-16 09:00", "watch": ["overdue 03-16 09:00"]}


def test_the_days_for_a_supplement_are_a_setting_per_procedure() -> None:
    settings = Settings(supplement_days_of=(("9.000010", 5),))
    wider = replace(small_rules(), settings=settings)
    steps = [step("03-02 09:00", 2, procedure_code="9.000010"), step("03-09 09:00", 5)]
    assert dossier(*steps).violations == ("late_supplement",)
    assert dossier(*steps, under=wider).violations == ()


def test_the_apology_at_expiry_is_a_setting() -> None:
    at_expiry = replace(small_rules(), settings=Settings(apology_days=0))
    state = dossier(step("03-02 09:00", 2, due_at="03-16"), under=at_expiry)
    assert seen(state, ["watch"])["watch"] == ["due_soon 03-11 07:00", "apology_due 03-16 07:00", "overdue 03-17 00:00"]


def test_a_dossier_under_other_rules_is_folded_again_by_its_next_event() -> None:
    first = step("03-02 09:00", 2, procedure_code="9.000010")
    told = apply(dossier(first), CODE, [first], replace(small_rules(), hash="another"))
    assert (told.state.rules, told.outcomes) == ("another", ())
