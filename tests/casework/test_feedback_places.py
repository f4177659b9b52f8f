"""Regulations of places: what they say replaces the default for that kind of case; of the rest nothing is invented."""

from decimal import Decimal

import pytest

from casework.errors import InvalidField
from casework.feedback import apply, explain_feedback, parse_limits
from casework.feedback_limits import Profile
from casework.labels import PLACES
from casework.rules import Settings, build_rules
from cli.rules import load_rules
from tests.support.feedback import CASE, after, at, event, opened
from tests.support.rules import files, rules

END = "23:59:59"


def under(place: str):
    return rules(Settings(feedback_profile=place))


def dues(place: str, *events):
    due = apply(None, CASE, events, under(place)).state.due
    return [moment and f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00") for moment in (due.accept, due.answer)]


def explained(place: str, *events, now: str = "2026-09-04"):
    state = apply(None, CASE, events, under(place)).state
    return explain_feedback(state, under(place), at(now))


KNOWN = [
    # place, what was opened on Thursday 3/9/2026 at 09:00, due to accept, due to answer
    ("hcmc_1022", {}, "2026-09-03 09:05", f"2026-09-14 {END}", "five_minutes_and_ten_days_rolled_over_a_sunday"),
    ("hcmc_1022", {"urgency": "complex"}, "2026-09-03 09:05", f"2026-09-18 {END}", "fifteen_days_for_several_agencies"),
    ("hcmc_1022", {"urgency": "urgent"}, "2026-09-03 09:05", f"2026-09-14 {END}", "no_number_for_urgent_is_known"),
    ("da_nang", {"urgency": "urgent"}, None, f"2026-09-04 {END}", "urgent_one_working_day"),
    ("da_nang", {"domain": "urban_infra"}, None, f"2026-09-08 {END}", "infrastructure_three_working_days"),
    ("da_nang", {"domain": "environment"}, None, f"2026-09-08 {END}", "sanitation_three_working_days"),
    ("da_nang", {"domain": "security_order"}, None, f"2026-09-08 {END}", "order_three_working_days"),
    ("da_nang", {"domain": "traffic"}, None, None, "the_rest_is_longer_and_not_known"),
    ("ha_noi", {}, "2026-09-04 09:00", None, "eight_working_hours_and_no_known_answer"),
    ("ha_noi", {"urgency": "urgent"}, "2026-09-04 09:00", None, "urgent_is_answered_from_its_acceptance"),
    ("", {}, "2026-09-04 09:00", f"2026-09-17 {END}", "no_place_the_default"),
]


@pytest.mark.parametrize(
    ("place", "fields", "accept", "answer"), [case[:4] for case in KNOWN], ids=[f"{c[0]}-{c[4]}" for c in KNOWN]
)
def test_a_place_has_the_limits_that_are_known_of_it_and_no_others(place, fields, accept, answer):
    assert dues(place, opened(**{"kind": "incident", **fields})) == [accept, answer]


def test_iHanoi_answers_what_is_urgent_within_four_working_hours_of_its_acceptance():  # noqa: N802 - a name
    case = opened(kind="incident", urgency="urgent")
    assert dues("ha_noi", case, event("accepted", "2026-09-03 10:30"))[1] == "2026-09-03 16:30"


@pytest.mark.parametrize("place", sorted(PLACES))
@pytest.mark.parametrize("kind", ["conduct", "regulation", "question", "praise", None])
def test_what_a_place_does_not_speak_of_keeps_its_limits(place, kind):
    case = opened("2026-09-03", kind=kind)
    assert apply(None, CASE, [case], under(place)).state.due == after(case).due


@pytest.mark.parametrize("place", sorted(PLACES))
def test_every_number_of_a_place_names_its_source_and_says_that_it_was_the_press(place):
    rows = files()[f"limits/{place}.csv"].splitlines()[1:]
    assert rows
    assert all("(theo báo chí: " in row or "(theo tin của 1022.vn" in row for row in rows)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("da_nang", "Tiếp nhận: chưa có thời hạn trong quy chế Đà Nẵng (QĐ 960/QĐ-UBND năm 2021)"),
        ("da_nang", "Trả lời: chưa có thời hạn trong quy chế Đà Nẵng (QĐ 960/QĐ-UBND năm 2021)"),
        ("ha_noi", "Trả lời: chưa có thời hạn trong quy chế iHanoi (QĐ 1207/QĐ-UBND năm 2025)"),
    ],
)
def test_where_a_place_has_no_known_limit_the_explanation_says_so(place, line):
    assert line in explained(place, opened(kind="incident", domain="traffic"))


def test_publication_is_not_missed_before_the_answer():
    case = opened(kind="incident")
    silent = "Công khai: chưa có thời hạn trong quy chế Tổng đài 1022 Thành phố Hồ Chí Minh"
    assert silent not in explained("hcmc_1022", case)
    assert silent in explained("hcmc_1022", case, event("answered", "2026-09-03 16:00"))


def test_a_limit_that_waits_for_the_acceptance_says_so():
    lines = explained("ha_noi", opened(kind="incident", urgency="urgent"))
    assert "Trả lời: 4 giờ làm việc kể từ khi tiếp nhận" in lines


def test_what_the_default_leaves_without_a_limit_is_not_called_a_gap_of_a_regulation():
    assert not [line for line in explained("", opened(kind="praise")) if "chưa có thời hạn" in line]
    assert not [line for line in explained("da_nang", opened(kind="praise")) if "chưa có thời hạn" in line]


def test_five_minutes_are_said_in_minutes():
    lines = explained("hcmc_1022", opened(kind="incident"))
    assert lines[1].startswith("Tiếp nhận: hạn 09:05 thứ Năm 3/9/2026: 5 phút từ 09:00 thứ Năm 3/9/2026")


HEAD = "lane,kind,urgency,domain,stage,amount,unit,start,source,valid_from,valid_to\n"
DEFAULT = [
    HEAD,
    "phan_anh_kien_nghi,,,,accept,2,working_days,received,,,\n",
    "phan_anh_kien_nghi,incident,,traffic,answer,3,working_days,received,,,\n",
    "phan_anh_kien_nghi,incident,urgent,,answer,1,working_days,received,,,\n",
    "phan_anh_kien_nghi,conduct,,,answer,15,working_days,received,,,\n",
]


@pytest.mark.parametrize(
    ("own", "kind", "stage", "amount"),
    [
        pytest.param("phan_anh_kien_nghi,incident", "incident", "answer", 9, id="its_own_row"),
        pytest.param("phan_anh_kien_nghi,incident", "incident", "accept", None, id="nor_the_row_for_all_kinds"),
        pytest.param("phan_anh_kien_nghi,incident", "conduct", "answer", 15, id="another_kind_keeps_its_row"),
        pytest.param("phan_anh_kien_nghi,incident", "conduct", "accept", 2, id="and_the_row_for_all_kinds"),
        pytest.param("phan_anh_kien_nghi,", "conduct", "answer", 15, id="a_row_for_all_kinds_replaces_only_those"),
        pytest.param("phan_anh_kien_nghi,", "conduct", "accept", None, id="and_takes_them_away"),
    ],
)
def test_rows_of_a_place_replace_those_of_the_same_lane_and_kind(own, kind, stage, amount):
    limits = parse_limits(DEFAULT, [HEAD, f"{own},,,answer,9,working_days,received,,,\n"], "here")
    profile = Profile(lane="phan_anh_kien_nghi", kind=kind, urgency="urgent", domain="traffic")
    row = limits.find(stage, profile, at("2026-09-03").date())
    assert (row.limit.amount if row else None) == (None if amount is None else Decimal(amount))


def test_a_bad_row_of_a_place_names_its_file():
    with pytest.raises(InvalidField, match=r"Thời hạn phản ánh \(here\), dòng 2"):
        parse_limits(DEFAULT, [HEAD, ",,,,answer,1,weeks,received,,,\n"], "here")


@pytest.mark.parametrize("place", ["hue", "../feedback_limits", "HCMC_1022"])
def test_a_place_that_has_no_file_is_refused_with_the_setting_and_those_that_have_one(place):
    with pytest.raises(InvalidField, match="các bộ thời hạn có: da_nang, ha_noi, hcmc_1022") as caught:
        build_rules(files(), Settings(feedback_profile=place))
    assert caught.value.field == "feedback_profile"
    assert f"feedback_profile “{place}” không có" in caught.value.message


def test_the_file_of_the_chosen_place_is_part_of_the_hash_and_the_others_are_not():
    other = {**files(), "limits/ha_noi.csv": files()["limits/ha_noi.csv"].replace(",8,", ",9,")}
    chosen = Settings(feedback_profile="ha_noi")
    assert build_rules(other, chosen).cause_since(build_rules(files(), chosen).hash) == "limits"
    assert build_rules(other).hash == build_rules(files()).hash
    assert build_rules(files(), chosen).cause_since(build_rules(files()).hash) == "limits,settings"


def test_every_packaged_file_of_a_place_has_a_name_that_people_read():
    assert {name for name in files() if name.startswith("limits/")} == {f"limits/{place}.csv" for place in PLACES}


def test_a_province_keeps_its_own_place_in_a_directory_beside_the_package(tmp_path):
    (tmp_path / "settings.toml").write_text('feedback_profile = "quang_ninh"\n', encoding="utf-8")
    (tmp_path / "limits").mkdir()
    own = f"{HEAD}phan_anh_kien_nghi,incident,,,accept,2,hours,received,QĐ thử,,\n"
    (tmp_path / "limits" / "quang_ninh.csv").write_text(own, encoding="utf-8")
    loaded = load_rules(tmp_path)
    state = apply(None, CASE, [opened(kind="incident")], loaded).state
    assert (state.due.accept, state.due.answer) == (at("2026-09-03 11:00"), None)
    assert "Trả lời: chưa có thời hạn trong quy chế quang_ninh" in explain_feedback(state, loaded, at("2026-09-03"))


def test_without_a_directory_the_rules_are_those_of_the_package():
    assert load_rules().hash == rules().hash


def test_an_empty_directory_leaves_the_rules_of_the_package_in_force(tmp_path):
    (tmp_path / "README.md").write_text("no rule file", encoding="utf-8")
    assert load_rules(tmp_path).hash == load_rules().hash


def test_a_directory_with_one_file_changes_that_file_only(tmp_path):
    (tmp_path / "calendar.csv").write_text("date,kind,name,source,counted\n2026-12-01,local_closure,Bão,CĐ 1,yes\n")
    assert load_rules(tmp_path).cause_since(load_rules().hash) == "calendar"
