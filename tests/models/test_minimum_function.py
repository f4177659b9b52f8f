"""Two sentences of each domain that nobody would get wrong."""

import pytest

from models.classifier import Classifier

SENTENCES = {
    "land": ["Xin cấp sổ đỏ lần đầu cho thửa đất ông bà để lại", "Hàng xóm xây tường lấn ranh giới thửa đất nhà tôi"],
    "construction": [
        "Nhà bên xây dựng trái phép vượt hai tầng so với giấy phép xây dựng",
        "Công trình chung cư đang ép cọc làm nứt tường nhà tôi",
    ],
    "site_clearance": [
        "Tiền bồi thường giải phóng mặt bằng đến nay chưa chi trả",
        "Gia đình chưa được bố trí suất tái định cư sau khi bị thu hồi đất",
    ],
    "environment": ["Nhà máy xả nước thải đen ngòm ra sông, cá chết", "Hàng xóm hát karaoke ồn ào đến nửa đêm"],
    "traffic": ["Đèn tín hiệu giao thông ở ngã tư bị hỏng gây ùn tắc", "Đường nhiều ổ gà, xe máy đi rất nguy hiểm"],
    "urban_infra": ["Nắp cống bị mất giữa hè phố", "Khu phố mất nước sạch ba ngày nay"],
    "security_order": [
        "Thanh niên tụ tập đánh nhau, trộm cắp xe máy trong xóm",
        "Hàng quán lấn chiếm vỉa hè để bàn ghế",
    ],
    "health": [
        "Bác sĩ ở bệnh viện khám qua loa, thái độ với bệnh nhân rất tệ",
        "Trạm y tế hết thuốc và không tiêm chủng cho trẻ",
    ],
    "education": ["Trường tiểu học thu tiền học thêm và quỹ phụ huynh quá cao", "Hỏi về tuyển sinh vào lớp 10 năm nay"],
    "labour_social": [
        "Công ty nợ lương và không đóng bảo hiểm xã hội cho công nhân",
        "Mẹ tôi chưa được nhận trợ cấp người có công",
    ],
    "justice_civil_status": [
        "Thủ tục đăng ký khai sinh cho con và cải chính hộ tịch",
        "Cơ quan thi hành án dân sự chậm thi hành bản án",
    ],
    "residence_id": ["Làm thẻ căn cước và đăng ký tạm trú thế nào", "Đổi giấy phép lái xe và làm hộ chiếu ở đâu"],
    "tax_finance": [
        "Chi cục thuế tính sai thuế thu nhập cá nhân khi quyết toán",
        "Cửa hàng không xuất hóa đơn điện tử giá trị gia tăng",
    ],
    "business_registration": [
        "Thủ tục thành lập doanh nghiệp và thay đổi vốn điều lệ",
        "Đăng ký hộ kinh doanh thì cần giấy tờ gì",
    ],
    "food_safety_market": [
        "Quán bán thực phẩm bẩn, thịt thối, mất an toàn thực phẩm",
        "Cây xăng bán xăng dầu gian lận, hàng giả",
    ],
    "telecom_info": ["Sóng di động yếu, mạng internet chậm cả tuần", "Sim rác gọi quảng cáo, tin nhắn rác suốt ngày"],
    "culture_sport_tourism": [
        "Di tích đình làng xuống cấp cần trùng tu trước lễ hội",
        "Khách du lịch bị hướng dẫn viên ép mua tour",
    ],
    "agriculture": [
        "Kênh mương thủy lợi cạn, lúa chết khô vì thiếu nước tưới",
        "Dịch tả lợn lây lan, xin hỗ trợ tiêm phòng gia súc",
    ],
    "admin_procedure": [
        "Hồ sơ nộp ở bộ phận một cửa quá hạn, hẹn nhiều lần chưa trả kết quả",
        "Cán bộ một cửa hách dịch, đòi thêm giấy tờ ngoài quy định",
    ],
    "other": ["Alo, cho tôi gửi lời chúc sức khỏe, xin cảm ơn", "Chúc mừng năm mới, chúc các anh chị sức khỏe"],
}


@pytest.mark.parametrize(("domain", "text"), [(domain, text) for domain, texts in SENTENCES.items() for text in texts])
def test_a_plain_sentence_gets_its_domain(classifier: Classifier, domain: str, text: str) -> None:
    assert classifier.classify([text])[0].domain == domain


def test_every_domain_has_two_sentences(classifier: Classifier) -> None:
    assert {domain: len(texts) for domain, texts in SENTENCES.items()} == dict.fromkeys(
        classifier.pipeline.tables["domain"].labels, 2
    )
