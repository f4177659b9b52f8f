"""What may not change a proposal, what must, and plain sentences that it must not fail.

`plain_sentences.jsonl` was written by somebody else than the corpus and is never learnt from.
"""

import json
from pathlib import Path

import pytest

from models.classifier import Classification, Classifier
from models.text import without_diacritics

WRITTEN = (Path(__file__).parent / "plain_sentences.jsonl").read_text("utf-8").splitlines()
PLAIN = [json.loads(line) for line in WRITTEN]

REPORTS = {
    "urban_infra": "Bóng đèn đầu hẻm cháy từ hôm rằm, tối về dắt xe cứ phải rọi điện thoại",
    "education": "Cháu nhà tôi học lớp ba mà cô cho cả lớp nộp tiền mua tivi, ai không nộp thì nêu tên",
    "health": "Đưa mẹ đi khám từ năm giờ sáng, tới trưa vẫn chưa được gọi vào phòng siêu âm",
    "labour_social": "Xưởng may giữ hai tháng lương của chúng em, hỏi thì chủ nói cứ chờ",
    "residence_id": "Em chuyển trọ sang phường khác thì khai tạm trú trên mạng có được không",
    "agriculture": "Ruộng nứt nẻ mà kênh cấp hai không có nước, lúa đang làm đòng",
    "telecom_info": "Mạng nhà tôi rớt liên tục từ tối, gọi tổng đài chỉ nghe máy trả lời tự động",
    "tax_finance": "Tôi đã nộp thuế môn bài rồi mà vẫn nhận giấy báo nợ",
}
PLACES = ("xã Đông Hải", "phường Bình Lạc", "thành phố Sơn Trà", "thôn Hạ")
NAMES = ("ông Lê Văn B", "bà Trần Thị C", "anh Hoàng D", "chị Phạm Thị E")


def domains(classifier: Classifier, texts: list[str]) -> list[str]:
    return [proposed.domain for proposed in classifier.classify(texts)]


def one(classifier: Classifier, text: str) -> Classification:
    return classifier.classify([text])[0]


@pytest.mark.parametrize("domain", REPORTS)
def test_how_a_text_is_typed_does_not_change_its_domain(classifier: Classifier, domain: str) -> None:
    text = REPORTS[domain]
    changed = [text, without_diacritics(text), text.upper(), text.lower(), without_diacritics(text).upper()]
    assert domains(classifier, changed) == [domain] * len(changed)


@pytest.mark.parametrize("domain", REPORTS)
def test_where_it_is_does_not_change_the_domain(classifier: Classifier, domain: str) -> None:
    told = [f"{REPORTS[domain]}, ở {place}" for place in PLACES]
    assert domains(classifier, told) == [domain] * len(told)


@pytest.mark.parametrize("domain", REPORTS)
def test_whose_name_is_given_changes_nothing(classifier: Classifier, domain: str) -> None:
    told = classifier.classify([f"{REPORTS[domain]}. Người gửi: {name}." for name in NAMES])
    assert {(each.domain, each.lane, each.urgency) for each in told} == {(domain, "phan_anh_kien_nghi", "normal")}


@pytest.mark.parametrize("domain", REPORTS)
def test_who_introduces_himself_is_heard_alike(classifier: Classifier, domain: str) -> None:
    told = [f"Tôi là {name}. {REPORTS[domain]}." for name in NAMES]
    assert domains(classifier, told) == [domain] * len(told)


@pytest.mark.parametrize("domain", REPORTS)
def test_an_accusation_added_to_a_report_moves_it_to_the_restricted_lane(classifier: Classifier, domain: str) -> None:
    text = REPORTS[domain]
    assert one(classifier, text).lane == "phan_anh_kien_nghi"
    assert one(classifier, f"{text}. Tôi tố cáo ông trưởng phòng nhận hối lộ để bỏ qua việc này.").lane == "to_cao"


@pytest.mark.parametrize("domain", REPORTS)
def test_a_fire_added_to_a_report_makes_it_urgent(classifier: Classifier, domain: str) -> None:
    text = REPORTS[domain]
    assert one(classifier, text).urgency != "urgent"
    assert one(classifier, f"{text}. Cháy rồi, đang cháy lớn, có người kẹt bên trong, cứu với!").urgency == "urgent"


def test_plain_sentences_of_another_writer_get_their_domain(classifier: Classifier) -> None:
    given = domains(classifier, [row["text"] for row in PLAIN])
    assert sum(domain == row["domain"] for domain, row in zip(given, PLAIN, strict=True)) >= 0.97 * len(PLAIN)


def test_plain_sentences_without_diacritics_get_their_domain(classifier: Classifier) -> None:
    rows = [row for row in PLAIN if "plain" in row]
    given = domains(classifier, [row["plain"] for row in rows])
    assert sum(domain == row["domain"] for domain, row in zip(given, rows, strict=True)) >= 0.94 * len(rows)
