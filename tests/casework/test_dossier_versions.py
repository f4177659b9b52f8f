"""Every due date that a dossier had, with its reason; what a source lists beside it; codes and rules that differ."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from casework.dossiers import DossierState, ListedSupplement, Transition, explain_dossier, timeline
from casework.procedures import parse_agency_limits, parse_procedures
from tests.support.dossiers import PROCEDURES, dossier, small_rules, step

W10, H24 = "9.000010", "9.000024"
ROW = ListedSupplement(
    asked_at="2026-03-04T09:00:00+07:00",
    received_at="2026-03-06T10:00:00+07:00",
    due_before="2026-03-16T23:59:59+07:00",
    due_after="2026-03-18T23:59:59+07:00",
)


def received(due: str | None = "03-16", **given: Any) -> Transition:
    """Accepted on Monday 2 March at 09:00; by default due on Monday 16 March."""
    return step("03-02 09:00", 2, **({"due_at": due} if due else {}), **given)


def explained(state: DossierState) -> list[str]:
    return explain_dossier(state, small_rules())


def versions(state: DossierState) -> list[str]:
    """The lines of the explanation that say from when a due date held."""
    return [line for line in explained(state) if line.startswith("Từ ")]


VERSIONS = [
    pytest.param(
        [received(None, procedure_code=W10), step("03-04 09:00", 4, due_at="03-18")],
        ["16/3/2026", "18/3/2026"],
        ["thời hạn của thủ tục", "cơ quan"],
        id="a-limit-gives-way-to-a-named-date",
    ),
    pytest.param(
        [received(None, procedure_code=W10), step("03-04 09:00", 5), step("03-10 09:00", 4)],
        ["16/3/2026", "24/3/2026"],
        ["thời hạn của thủ tục", "thời hạn của thủ tục"],
        id="a-supplement-restarts-the-limit",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 5), step("03-10 09:00", 4, due_at="03-24")],
        ["16/3/2026", "24/3/2026"],
        ["hẹn khi tiếp nhận", "bổ sung"],
        id="a-restart-names-its-own-date",
    ),
    pytest.param(
        [received(), step("03-05 09:00", 6), step("03-09 09:00", 4)],
        ["16/3/2026", "18/3/2026"],
        ["hẹn khi tiếp nhận", "nghĩa vụ tài chính"],
        id="a-payment-shifts",
    ),
    pytest.param(
        [received(), step("03-04 09:00", 4, due_at="03-18"), step("03-06 09:00", 4, rescheduled_to="03-20")],
        ["16/3/2026", "18/3/2026", "20/3/2026"],
        ["hẹn khi tiếp nhận", "đổi", "hẹn lại một lần"],
        id="moved-and-rescheduled",
    ),
    pytest.param(
        [received(), step("03-16 09:00", 4, rescheduled_to="03-20")],
        ["16/3/2026", "không đổi thành 20/3/2026"],
        ["", "không có hiệu lực"],
        id="rescheduled-too-late-is-refused",
    ),
    pytest.param(
        [
            received(),
            step("03-04 09:00", 4, rescheduled_to="03-20"),
            step("03-05 09:00", 4, rescheduled_to="03-24"),
        ],
        ["16/3/2026", "là 20/3/2026", "không đổi thành 24/3/2026"],
        ["", "Điều 19.9", "quá 01 lần"],
        id="rescheduled-twice-is-refused",
    ),
    pytest.param(
        [received(), step("03-17 09:00", 4, due_at="03-20")],
        ["16/3/2026", "không đổi thành 20/3/2026"],
        ["", "quá hạn"],
        id="moved-after-it-is-refused",
    ),
    pytest.param(
        [step("03-01 09:00", 1, due_at="03-13"), received(None), step("03-04 09:00", 4, due_at="03-16")],
        ["13/3/2026", "16/3/2026"],
        ["", "đổi"],
        id="named-with-the-registration",
    ),
    pytest.param(
        [received(None), step("03-04 09:00", 5, due_at="03-16"), step("03-06 09:00", 4, due_at="03-20")],
        ["16/3/2026", "20/3/2026"],
        ["", ""],
        id="known-only-from-the-request",
    ),
]


@pytest.mark.parametrize("steps, dates, reasons", VERSIONS)
def test_each_due_date_is_listed_with_its_reason(
    steps: list[Transition], dates: Sequence[str], reasons: Sequence[str]
) -> None:
    lines = versions(dossier(*steps))
    assert len(lines) == len(dates)
    for line, date, reason in zip(lines, dates, reasons, strict=True):
        assert date in line
        assert reason in line


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([received()], id="named"),
        pytest.param([received(None, procedure_code=W10)], id="counted"),
        pytest.param([received(), step("03-04 09:00", 4, due_at="03-16")], id="named-again-is-no-version"),
        pytest.param([received(), step("03-04 09:00", 6, due_at="03-20")], id="a-date-on-a-stop-is-none"),
        pytest.param([received(), step("03-10 09:00", 9), step("03-11 09:00", 4, due_at="03-20")], id="after-the-end"),
        pytest.param([received(None)], id="no-date-at-all"),
        pytest.param([step("03-02 09:00", 3)], id="refused"),
    ],
)
def test_one_due_date_is_not_listed(steps: list[Transition]) -> None:
    assert not versions(dossier(*steps))


def test_a_counted_version_is_told_day_by_day() -> None:
    lines = explained(
        dossier(received(None, procedure_code=W10), step("03-04 09:00", 5), step("03-10 09:00", 4, due_at="03-27"))
    )
    place = next(n for n, line in enumerate(lines) if line.startswith("Từ 09:00 thứ Hai 2/3/2026"))
    assert "10 ngày làm việc từ 2/3/2026; không tính 7-8/3, 14-15/3 cuối tuần" in lines[place + 1]


def test_a_counted_date_that_a_payment_moved_is_not_called_one_that_the_agency_named() -> None:
    state = dossier(received(None, procedure_code=W10), step("03-04 09:00", 6), step("03-10 09:00", 4))
    assert state.due is not None and state.due.day == 20
    assert not [line for line in explained(state) if "cơ quan đã hẹn" in line]


def test_a_named_date_that_a_payment_moved_is_not_called_named_either() -> None:
    state = dossier(received(), step("03-05 09:00", 6), step("03-09 09:00", 4))
    assert not [line for line in explained(state) if "18/3/2026, theo ngày cơ quan đã hẹn" in line]


def test_the_day_off_in_a_version_has_its_legal_source() -> None:
    state = dossier(step("04-24 09:00", 2, procedure_code=W10), step("04-28 09:00", 4, due_at="05-20"))
    assert "Bộ luật Lao động 2019" in "\n".join(explained(state))


def test_a_limit_in_hours_is_told_with_its_moment() -> None:
    state = dossier(received(None, procedure_code=H24), step("03-02 15:00", 6), step("03-02 16:00", 4))
    assert "09:00 thứ Ba 3/3/2026" in "\n".join(explained(state))


def test_each_row_of_the_timeline_tells_the_news_of_its_transition() -> None:
    state = dossier(
        received(None, procedure_code=W10),
        step("03-04 09:00", 4, due_at="03-18"),
        step("03-10 09:00", 5),
        step("03-12 09:00", 4),
        step("03-13 09:00", 9),
    )
    rows = timeline(state, small_rules())
    notes = ["\n".join(row["notes"]) for row in rows]
    assert "16/3/2026" in notes[0] and "18/3/2026" not in notes[0]
    assert "18/3/2026" in notes[1] and "16/3/2026" not in notes[1]
    assert "Yêu cầu bổ sung quá thời hạn" in notes[2]
    assert "26/3/2026" in notes[3]
    assert "Yêu cầu bổ sung" not in notes[3] + notes[4]


def test_the_span_of_a_row_is_the_working_time_until_the_next() -> None:
    state = dossier(received(), step("03-05 09:00", 6), step("03-09 09:00", 4), step("03-16 09:00", 9))
    spans = [row["span"] for row in timeline(state, small_rules())]
    assert "đang tính 3 ngày làm việc" in spans[0]
    assert "chờ công dân 2 ngày làm việc" in spans[1]
    assert "đang tính 5 ngày làm việc" in spans[2]
    assert spans[3] == ""


def test_a_row_before_receipt_or_after_the_end_has_no_span() -> None:
    state = dossier(step("02-27 09:00", 1), received(), step("03-09 09:00", 9), step("03-11 09:00", 10))
    spans = [row["span"] for row in timeline(state, small_rules())]
    assert (spans[0], spans[2], spans[3]) == ("", "", "")


def test_a_refused_date_stands_in_the_row_that_asked_for_it() -> None:
    state = dossier(received(), step("03-16 09:00", 4, rescheduled_to="03-20"))
    assert "không đổi thành 20/3/2026" in "\n".join(timeline(state, small_rules())[1]["notes"])


LISTED = [received(), step("03-04 09:00", 5), step("03-06 10:00", 4, due_at="03-18")]


def without_listed(state: DossierState) -> DossierState:
    return replace(state, transitions=tuple(replace(one, listed=()) for one in state.transitions))


@pytest.mark.parametrize("place", range(3))
def test_what_a_source_lists_of_supplements_is_never_folded(place: int) -> None:
    steps = [replace(one, listed=(ROW,)) if n == place else one for n, one in enumerate(LISTED)]
    assert without_listed(dossier(*steps)) == dossier(*LISTED)


@pytest.mark.parametrize("place", range(3))
def test_what_a_source_lists_of_supplements_is_shown(place: int) -> None:
    steps = [replace(one, listed=(ROW,)) if n == place else one for n, one in enumerate(LISTED)]
    more = "\n".join(line for line in explained(dossier(*steps)) if line not in explained(dossier(*LISTED)))
    for shown in ("4/3/2026", "6/3/2026", "16/3/2026", "18/3/2026"):
        assert shown in more


def test_a_list_of_a_dossier_that_was_never_stopped_is_shown_too() -> None:
    more = "\n".join(explained(dossier(received(listed=(ROW,)))))
    assert "4/3/2026" in more and "6/3/2026" in more


def test_the_last_list_is_the_whole_one_and_rows_are_not_shown_twice() -> None:
    later = replace(ROW, asked_at="2026-03-10T09:00:00+07:00", received_at="")
    steps = [LISTED[0], replace(LISTED[1], listed=(ROW,)), replace(LISTED[2], listed=(ROW, later))]
    plain = explained(dossier(*LISTED))
    more = [line for line in explained(dossier(*steps)) if line not in plain]
    assert sum("4/3/2026" in line for line in more) == 1
    assert sum("10/3/2026" in line for line in more) == 1


def test_an_empty_cell_of_a_list_is_left_out() -> None:
    row = ListedSupplement(asked_at="2026-03-04T09:00:00+07:00")
    plain = explained(dossier(received()))
    (line,) = [line for line in explained(dossier(received(listed=(row,)))) if line not in plain]
    assert "4/3/2026" in line
    assert "None" not in line and "  " not in line


def test_two_transitions_of_one_moment_keep_the_list() -> None:
    for order in ([received(), received(listed=(ROW,))], [received(listed=(ROW,)), received()]):
        (one,) = dossier(*order).transitions
        assert one.listed == (ROW,)


@pytest.mark.parametrize(
    ("code", "flags"),
    [
        pytest.param("MC-17", ("unknown_code",), id="a-code-of-no-generation"),
        pytest.param("H99.1-261302-0001", ("unknown_code",), id="a-month-13"),
        pytest.param("H99.1-260302-001", ("unknown_code",), id="three-digits"),
        pytest.param("H99.1-260302-00001", (), id="five-digits"),
        pytest.param("000.00.12.H99-260302-0001", (), id="tt-01-2018"),
        pytest.param("H99.012.03-260302-010001", (), id="tt-04-2025"),
        pytest.param("H99.1-260304-0001", ("code_date_differs",), id="another-day"),
    ],
)
def test_a_code_is_flagged_where_it_says_nothing_or_something_else(code: str, flags: tuple[str, ...]) -> None:
    assert dossier(received(), code=code).flags == flags


@pytest.mark.parametrize("status", [1, 3])
def test_a_code_of_no_generation_is_flagged_before_receipt_too(status: int) -> None:
    assert dossier(step("03-02 09:00", status), code="MC-17").flags == ("unknown_code",)


def test_a_state_of_other_rules_says_so_first() -> None:
    state = dossier(received(None, procedure_code=W10))
    head, *rest = explain_dossier(state, replace(small_rules(), hash="another"))
    assert head not in explained(state)
    assert "quy tắc" in head
    assert rest == explained(state)


def test_the_first_line_names_the_part_of_the_rules_that_changed() -> None:
    state = dossier(received(None, procedure_code=W10))
    agencies, calendar, *others = small_rules().hash.split("-")
    changed = "-".join([agencies, "0" * len(calendar), *others])
    assert "lịch làm việc" in explain_dossier(state, replace(small_rules(), hash=changed))[0]


def test_a_state_of_the_same_rules_says_nothing_of_them() -> None:
    assert explained(dossier(received()))[0].startswith("Tiếp nhận lúc")


def test_a_state_without_any_rules_says_nothing_of_them_either() -> None:
    assert not [line for line in explain_dossier(DossierState(dossier_code="X"), small_rules()) if "quy tắc" in line]


def test_a_procedure_that_is_gone_from_the_rules_does_not_hinder_the_explanation() -> None:
    state = dossier(received(None, procedure_code=W10), step("03-04 09:00", 4, due_at="03-18"))
    fewer = replace(small_rules(), procedures=parse_procedures(PROCEDURES.splitlines(keepends=True)[:1]), hash="other")
    assert explain_dossier(state, fewer)


def test_the_holder_s_limit_is_told_by_the_name_of_the_agency() -> None:
    limits = parse_agency_limits(["procedure,agency,days,day_type,source\n", "9.000010,LG.SXD,3,working,QĐ thử\n"])
    under = replace(small_rules(), agency_limits=limits)
    state = dossier(received(agency="LG.SXD", procedure_code=W10), step("03-10 09:00", 9), under=under)
    text = "\n".join(explain_dossier(state, under))
    assert "Sở Xây dựng" in text and "5/3/2026" in text and "quá hạn" in text.lower()


def test_a_late_dossier_says_who_had_it_when_its_time_ran_out() -> None:
    steps = [
        received(agency="LG.HCC"),
        step("03-10 09:00", 4, agency="LG.SXD"),
        step("03-18 09:00", 4, agency="LG.STP"),
    ]
    text = "\n".join(explained(dossier(*steps, step("03-20 09:00", 9))))
    assert "Khi hết hạn, hồ sơ ở Sở Xây dựng, đã giữ 4 ngày làm việc." in text


def test_a_row_of_a_list_that_has_nothing_in_it_is_not_shown() -> None:
    assert explained(dossier(received(listed=(ListedSupplement(),)))) == explained(dossier(received()))
