"""settings.toml: what a province may set, and what it is told where it set something that cannot be."""

import tomllib
from dataclasses import fields
from datetime import time

import pytest

from casework.counting import OfficeHours
from casework.errors import InvalidField
from casework.settings import Settings, parse_settings
from tests.support.rules import DATA

FILE = (DATA / "settings.toml").read_text(encoding="utf-8")
OWN = OfficeHours(((time(7, 30), time(11, 30)), (time(13), time(17))))


def test_the_packaged_file_says_what_the_defaults_are():
    assert parse_settings(FILE) == Settings()


def test_the_packaged_file_names_every_setting_and_nothing_else():
    names = {field.name for field in fields(Settings)} - {"hours", "hours_of"} | {"office_hours"}
    assert set(tomllib.loads(FILE)) == names


def test_every_setting_of_the_packaged_file_has_its_legal_source_in_a_comment_above_it():
    above: list[str] = []
    for line in FILE.splitlines():
        if line and not line.startswith("#"):
            assert any("Căn cứ: " in comment for comment in above) or line.startswith("default"), line
        above = [*above, line] if line.startswith("#") else []


def test_what_a_file_leaves_out_keeps_its_default():
    assert parse_settings("") == Settings()
    assert parse_settings("apology_days = 0") == Settings(apology_days=0)


def test_everything_may_be_set():
    text = """
        supplement_days = 5
        apology_days = 0
        due_soon_days = 2
        intake_hours = 4
        closing_days = 30
        committed_cut = 30
        feedback_due_soon_days = 2
        feedback_profile = "da_nang"
        recurrence_days = 60
        alert_time = 06:30:00
        style = "moment"
        [supplement_days_of]
        "1.004283" = 7
        [office_hours]
        default = ["08:00-12:00"]
        "LG.X17" = ["07:30-11:30", "13:00-17:00"]
    """
    assert parse_settings(text) == Settings(
        supplement_days=5,
        supplement_days_of=(("1.004283", 7),),
        apology_days=0,
        due_soon_days=2,
        feedback_due_soon_days=2,
        alert_time=time(6, 30),
        style="moment",
        hours=OfficeHours(((time(8), time(12)),)),
        hours_of=(("LG.X17", OWN),),
        intake_hours=4,
        closing_days=30,
        committed_cut=30,
        feedback_profile="da_nang",
        recurrence_days=60,
    )


@pytest.mark.parametrize(
    ("text", "name", "fix"),
    [
        ("supplement_days = -1", "supplement_days", "số nguyên từ 0 đến 366"),
        ("supplement_days = 3.5", "supplement_days", "số nguyên từ 0 đến 366"),
        ("closing_days = true", "closing_days", "số nguyên từ 0 đến 366"),
        ("due_soon_days = '3'", "due_soon_days", "số nguyên từ 0 đến 366"),
        ("committed_cut = 91", "committed_cut", "số nguyên từ 0 đến 90"),
        ("alert_time = '25:00'", "alert_time", '"07:00"'),
        ("alert_time = '07:00+07:00'", "alert_time", "giờ Việt Nam"),
        ("alert_time = 7", "alert_time", '"07:00"'),
        ("style = 'clock'", "style", "date, moment"),
        ("feedback_profile = 3", "feedback_profile", "ngoặc kép"),
        ("supplement_days_of = 3", "supplement_days_of", "[supplement_days_of]"),
        ("[supplement_days_of]\n'1.004283' = 400", "supplement_days_of.1.004283", "số nguyên từ 0 đến 366"),
        ("[supplement_days_of]\n1.004283 = 4", "supplement_days_of.1", "mã có dấu chấm phải đặt trong ngoặc kép"),
        ("office_hours = 8", "office_hours", "[office_hours]"),
        ("[office_hours]\ndefault = '07:00-17:00'", "office_hours.default", '["07:00-11:30", "13:30-17:00"]'),
        ("[office_hours]\ndefault = ['07:00']", "office_hours.default", '["07:00-11:30", "13:30-17:00"]'),
        ("[office_hours]\ndefault = ['7h-17h']", "office_hours.default", '"07:00"'),
        ("[office_hours]\ndefault = []", "office_hours.default", "nối tiếp, không chồng nhau"),
        ("[office_hours]\n'LG.X17' = ['12:00-13:00', '08:00-09:00']", "office_hours.LG.X17", "nối tiếp"),
        ("[office_hours]\nLG.X17 = ['08:00-12:00']", "office_hours.LG", "mã có dấu chấm phải đặt trong ngoặc kép"),
        ("suplement_days = 3", "suplement_days", "supplement_days, supplement_days_of"),
        ("supplement_days 3", "settings", "cú pháp TOML"),
        ("apology_days = 1\napology_days = 2", "settings", "cú pháp TOML"),
    ],
)
def test_a_bad_value_is_refused_with_its_setting_and_the_fix(text, name, fix):
    with pytest.raises(InvalidField, match=r"^settings\.toml") as caught:
        parse_settings(text)
    assert caught.value.field == name
    assert fix in caught.value.message
    assert name in caught.value.message
