"""What a person corrected is learnt; what was near the restricted lane, or erased, never is."""

from typing import Any

import pytest

from casework.feedback import FeedbackEvent
from models.corpus_rows import Row
from models.corrections import AUTHOR, allowed, corrected_row
from tests.support.feedback import CASE, event, opened

OPENED = opened("2026-09-03 08:00")
TEXTS = {OPENED.id: "Cống trước nhà tôi tắc"}
CORRECTED = event("corrected", "2026-09-03 09:00", domain="urban_infra", kind="incident")


def learnt(*events: FeedbackEvent, texts: dict[str, str] | None = None) -> Row | None:
    return corrected_row(CASE, [OPENED, *events], TEXTS if texts is None else texts)


def labels(row: Row | None) -> tuple[Any, ...]:
    assert row is not None
    return row.domain, row.kind, row.lane, row.urgency


def test_a_correction_gives_a_row_with_the_label_of_the_person() -> None:
    row = learnt(CORRECTED)
    assert labels(row) == ("urban_infra", "incident", "phan_anh_kien_nghi", "normal")
    assert row is not None
    assert (row.id, row.text, row.author) == (CASE, "Cống trước nhà tôi tắc", AUTHOR)


def test_the_last_correction_stands_whatever_the_order_of_arrival() -> None:
    later = event("corrected", "2026-09-03 10:00", domain="environment", urgency="urgent")
    assert labels(learnt(later, CORRECTED)) == ("environment", "incident", "phan_anh_kien_nghi", "urgent")


def test_a_confirmed_guess_is_learnt_too() -> None:
    confirmed = event("corrected", "2026-09-03 09:00", domain="land", kind="conduct", urgency="normal")
    assert labels(learnt(confirmed))[0] == "land"


def test_what_nobody_corrected_teaches_nothing() -> None:
    assert learnt(event("accepted", "2026-09-03 09:00")) is None


@pytest.mark.parametrize("type_", ["moved", "released", "erased"])
def test_what_went_to_the_inspector_or_was_erased_is_never_learnt(type_: str) -> None:
    assert learnt(CORRECTED, event(type_, "2026-09-03 11:00")) is None


def test_a_case_that_anybody_called_a_denunciation_is_never_learnt() -> None:
    assert learnt(CORRECTED, event("corrected", "2026-09-03 11:00", lane="to_cao")) is None
    assert corrected_row(CASE, [opened("2026-09-03 08:00", lane="to_cao"), CORRECTED], TEXTS) is None


def test_a_case_whose_text_is_gone_is_not_learnt() -> None:
    assert learnt(CORRECTED, texts={}) is None
    assert learnt(CORRECTED, texts={OPENED.id: ""}) is None


def row(id_: str, text: str, lane: str = "phan_anh_kien_nghi") -> Row:
    return Row(id=id_, text=text, domain="land", kind="question", lane=lane, urgency="normal")


def test_a_file_may_not_bring_denunciations_nor_questions_of_the_exam() -> None:
    exam = [row("x", "Câu hỏi của bài kiểm tra")]
    given = [row("a", "Một"), row("b", "Hai", lane="to_cao"), row("c", "Câu hỏi của bài kiểm tra"), row("a", "Ba")]
    assert [(kept.id, kept.text, kept.author) for kept in allowed(given, exam)] == [("a", "Ba", AUTHOR)]
