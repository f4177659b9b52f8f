"""What may not change a proposal, what must, and texts that hold nothing."""

import time
import unicodedata

import pytest

from casework.labels import DOMAINS, KINDS, LANES, URGENCIES
from models.classifier import Classification, Classifier
from models.text import without_diacritics

PLAIN = {
    "traffic": "Mặt đường đầy ổ gà, xe máy ngã liên tục trước cổng trường",
    "urban_infra": "Đèn đường hỏng cả tuần, cả ngõ tối om không ai sửa",
    "environment": "Bãi rác bốc mùi hôi thối, xe rác cả tuần không đến thu gom",
    "education": "Nhà trường lạm thu quỹ lớp, phụ huynh phải nộp ba triệu đầu năm",
    "health": "Bệnh viện để bệnh nhân cấp cứu chờ bác sĩ hơn hai tiếng",
}


def one(classifier: Classifier, text: str) -> Classification:
    return classifier.classify([text])[0]


@pytest.mark.parametrize("domain", PLAIN)
@pytest.mark.parametrize(
    "change", [without_diacritics, str.upper, str.lower, lambda text: unicodedata.normalize("NFD", text)]
)
def test_marks_case_and_encoding_do_not_change_the_domain(classifier: Classifier, domain: str, change: object) -> None:
    assert callable(change)
    assert one(classifier, change(PLAIN[domain])).domain == domain


def test_drawn_out_words_and_teencode_do_not_change_the_domain(classifier: Classifier) -> None:
    assert one(classifier, "Đèn đường hỏnggggg mấy tuần r mà ko ai sửa, tối quáaaaa").domain == "urban_infra"


@pytest.mark.parametrize(
    "addition", ["đang cháy lớn", "có người bị điện giật", "vừa sạt lở, có người mắc kẹt", "đang cướp giật, có dao"]
)
def test_danger_makes_a_report_urgent(classifier: Classifier, addition: str) -> None:
    calm = "Nhà số 5 ngõ chợ có dây điện để sát tường, đề nghị kiểm tra"
    assert one(classifier, calm).urgency != "urgent"
    assert one(classifier, f"Nhà số 5 ngõ chợ {addition}, cứu với").urgency == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "Chủ tịch xã nhận hối lộ để làm ngơ cho công ty đổ thải, xin giấu tên tôi",
        "Cán bộ địa chính vòi tiền 20 triệu mới ký hồ sơ, tôi có ghi âm",
        "Kế toán trường lập khống danh sách ăn chặn tiền hỗ trợ học sinh nghèo",
        "Trưởng thôn biển thủ quỹ xây nhà văn hóa, lập hóa đơn khống",
        "can bo dia chinh voi tien moi ky ho so, xin giau ten",
        "Công an phường bảo kê sòng bạc, mỗi tháng nhận phong bì",
    ],
)
def test_an_accusation_is_kept_apart(classifier: Classifier, text: str) -> None:
    proposed = one(classifier, text)
    assert proposed.lane == "to_cao"
    assert proposed.lane_signals


@pytest.mark.parametrize(
    "text",
    [
        "Cho hỏi thủ tục tố cáo thì nộp đơn ở đâu?",
        "Đèn đường hỏng đã một tuần, đề nghị sửa",
        "Tôi khiếu nại vì gọi tổng đài mãi không ai nghe máy",
        "Cảm ơn các anh chị ở bộ phận một cửa đã giúp đỡ tận tình",
    ],
)
def test_the_words_alone_do_not_make_an_accusation(classifier: Classifier, text: str) -> None:
    assert one(classifier, text).lane != "to_cao"


@pytest.mark.parametrize(
    "text",
    [
        "Tôi không đồng ý với quyết định xử phạt của chủ tịch xã, đề nghị hủy quyết định đó",
        "Tôi yêu cầu xem xét lại quyết định thu hồi đất của gia đình tôi vì tính sai diện tích",
    ],
)
def test_contesting_a_decision_about_oneself_is_khieu_nai(classifier: Classifier, text: str) -> None:
    assert one(classifier, text).lane == "khieu_nai"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t ",
        "😀😀😀",
        "\x00\x01\x02",
        "\ud83d",
        "?!...",
        "12 345",
        "[số điện thoại]",
        "0900 000 001",
        "The street light in front of my house is broken, please repair it as soon as possible",
        "Здравствуйте, дорога плохая",
        "路灯坏了很久没有人修理",
        "ភ្លើងផ្លូវខូច",
        "\ufffd" * 20,
    ],
)
def test_a_text_that_says_nothing_is_left_to_a_person(classifier: Classifier, text: str) -> None:
    proposed = one(classifier, text)
    assert (proposed.domain, proposed.abstained, proposed.lane) == ("other", True, "phan_anh_kien_nghi")
    assert proposed.missing == ("nội dung bằng tiếng Việt",)
    assert proposed.reasons == ()


@pytest.mark.parametrize(
    "piece", ["Rác thải chất đống trước cổng chợ. ", "a", "1", "o ", "a@", "0 9 ", "một hai ", "cccd 1 2 ", "\x00"]
)
def test_a_megabyte_is_judged_in_two_seconds_of_work(classifier: Classifier, piece: str) -> None:
    started = time.process_time()
    classifier.classify([(piece * (1_000_000 // len(piece) + 1))[:1_000_000]])
    assert time.process_time() - started < 2


def test_no_texts_give_no_classifications(classifier: Classifier) -> None:
    assert classifier.classify([]) == []


def test_a_text_is_judged_alike_alone_and_among_others(classifier: Classifier) -> None:
    texts = [*PLAIN.values(), "", "alo"]
    assert classifier.classify(texts) == [one(classifier, text) for text in texts]


@pytest.mark.parametrize("text", [*PLAIN.values(), "Gọi 0900 000 001 🚧 UBND phường: đường hoà\u0300 ngập, cống tắc"])
def test_reasons_are_spans_of_the_redacted_text_heaviest_first(classifier: Classifier, text: str) -> None:
    proposed = one(classifier, text)
    assert 0 < len(proposed.reasons) <= 5
    assert all(proposed.text[reason.start : reason.end] == reason.text for reason in proposed.reasons)
    weights = [reason.weight for reason in proposed.reasons]
    assert weights == sorted(weights, reverse=True)
    assert min(weights) > 0


def test_the_reason_for_a_pothole_is_the_pothole(classifier: Classifier) -> None:
    assert any("ổ gà" in reason.text for reason in one(classifier, PLAIN["traffic"]).reasons)


def test_proposals_use_the_labels_that_people_can_read(classifier: Classifier) -> None:
    for proposed in classifier.classify([*PLAIN.values(), ""]):
        assert proposed.kind in KINDS
        assert proposed.lane in LANES
        assert proposed.urgency in URGENCIES
        assert len(proposed.alternatives) == 3
        assert all(each.domain in DOMAINS for each in proposed.alternatives)
        assert (proposed.alternatives[0].domain, proposed.alternatives[0].confidence) == (
            proposed.domain,
            proposed.confidence,
        )


def test_a_report_without_a_place_says_so(classifier: Classifier) -> None:
    assert "địa điểm" in one(classifier, "Rác bốc mùi hôi thối mấy hôm nay không ai thu gom").missing
    assert "địa điểm" not in one(classifier, "Rác ở ngõ 12 bốc mùi hôi thối mấy hôm nay không ai thu gom").missing


def test_personal_numbers_never_reach_the_proposal(classifier: Classifier) -> None:
    proposed = one(classifier, "Đèn đường hỏng, gọi tôi 0900 000 001 hoặc a.b@example.com")
    assert proposed.text == "Đèn đường hỏng, gọi tôi [số điện thoại] hoặc [email]"
