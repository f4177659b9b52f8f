"""The Vietnamese words that people read in place of codes; a province may edit them here."""

from collections.abc import Mapping

DOMAINS: Mapping[str, str] = {
    "land": "Đất đai",
    "construction": "Xây dựng, nhà ở, trật tự xây dựng",
    "site_clearance": "Thu hồi đất, bồi thường, hỗ trợ, tái định cư",
    "environment": "Môi trường, tiếng ồn",
    "traffic": "Giao thông",
    "urban_infra": "Hạ tầng kỹ thuật",
    "security_order": "An ninh, trật tự, PCCC",
    "health": "Y tế",
    "education": "Giáo dục và đào tạo",
    "labour_social": "Nội vụ, lao động, người có công, an sinh xã hội",
    "justice_civil_status": "Tư pháp, hộ tịch, chứng thực",
    "residence_id": "Cư trú, căn cước, xuất nhập cảnh, đăng ký xe, giấy phép lái xe",
    "tax_finance": "Tài chính, thuế, phí, lệ phí",
    "business_registration": "Doanh nghiệp, hộ kinh doanh, đầu tư",
    "food_safety_market": "Thị trường, an toàn thực phẩm, bảo vệ người tiêu dùng",
    "telecom_info": "Bưu chính, viễn thông, thông tin mạng",
    "culture_sport_tourism": "Văn hóa, thể thao, du lịch",
    "agriculture": "Nông nghiệp, nông thôn",
    "admin_procedure": "Thủ tục hành chính, tinh thần thái độ phục vụ",
    "other": "Nội dung khác",
}
LANES: Mapping[str, str] = {
    "phan_anh_kien_nghi": "Phản ánh, kiến nghị",
    "khieu_nai": "Có nội dung khiếu nại",
    "to_cao": "Có nội dung tố cáo",
}
KINDS: Mapping[str, str] = {
    "regulation": "Quy định, thủ tục",
    "conduct": "Hành vi, thái độ",
    "incident": "Hiện trường",
    "proposal": "Góp ý, kiến nghị",
    "question": "Hỏi đáp",
    "praise": "Khen ngợi",
}
URGENCIES: Mapping[str, str] = {"urgent": "Khẩn cấp", "complex": "Phức tạp", "normal": "Thông thường"}
STATUSES: Mapping[int, str] = {
    1: "Mới đăng ký",
    2: "Được tiếp nhận",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}
ALERTS: Mapping[str, str] = {
    "due_soon": "Sắp đến hạn",
    "apology_due": "Phải xin lỗi, hẹn lại",
    "overdue": "Quá hạn",
}
DUTIES: Mapping[str, str] = {
    "intake_overdue": "Chưa tiếp nhận hồ sơ trực tuyến trong thời hạn",
    "step_overdue": "Đơn vị đang giữ đã quá hạn bước của mình",
    "closing_due": "Đến lúc kết thúc hồ sơ vì không bổ sung",
}
ESCALATIONS: Mapping[str, str] = {
    "coordinator": "Đã báo đầu mối điều phối",
    "leader": "Đã báo lãnh đạo trực",
    "ioc": "Đã báo Trung tâm Giám sát và Điều hành (IOC)",
}
CAUSES: Mapping[str, str] = {
    "agencies": "danh mục đơn vị",
    "calendar": "lịch làm việc",
    "limits": "thời hạn phản ánh",
    "procedures": "thời hạn thủ tục",
    "settings": "thông số của tỉnh",
    "program": "phiên bản chương trình",
    "rules": "bộ quy tắc",
}
DUE_TODAY = "Đến hạn hôm nay"
VIOLATIONS_HEADING = "Dấu hiệu sai quy trình"
VIOLATIONS: Mapping[str, str] = {
    "second_supplement": "Yêu cầu bổ sung quá 01 lần",
    "late_supplement": "Yêu cầu bổ sung quá thời hạn",
    "second_reschedule": "Hẹn lại quá 01 lần",
    "late_reschedule": "Hẹn lại khi đã đến hoặc quá hạn",
    "late_refusal": "Từ chối khi đã quá hạn",
    "late_info_request": "Yêu cầu làm rõ quá thời hạn",
    "status_after_end": "Bất thường dữ liệu: có trạng thái sau khi kết thúc",
}
FLAGS: Mapping[str, str] = {
    "due_moved": "Ngày hẹn trả bị đổi",
    "due_moved_late": "Ngày hẹn trả bị đổi sau khi quá hạn",
    "due_before_receipt": "Ngày hẹn trả trước ngày tiếp nhận",
    "receipt_after_end": "Ngày tiếp nhận sau ngày kết thúc",
    "code_date_differs": "Ngày trong mã hồ sơ khác ngày tiếp nhận",
    "future_moment": "Thời điểm xử lý ở tương lai",
    "unknown_agency": "Đơn vị không có trong danh mục",
    "unknown_code": "Mã hồ sơ không theo mẫu nào đã biết",
    "twelve_hour_clock": "Giờ của nguồn gửi không bao giờ quá 12: có thể dùng đồng hồ 12 giờ",
    "unknown_procedure": "Thủ tục không có trong danh mục",
    "unknown_level": "Cấp hành chính không có trong danh mục",
    "unknown_channel": "Kênh thực hiện không có trong danh mục",
    "repeats_dropped": "Đã bỏ bớt bản ghi lặp lại",
    "id_reused": "Nguồn khác gửi phản ánh khác dưới cùng mã này; nội dung ấy ở ngay dưới nội dung đầu",
}
CHANNELS: Mapping[str, str] = {
    "hotline": "Đường dây nóng",
    "portal": "Cổng thông tin, dịch vụ công",
    "app": "Ứng dụng di động",
    "zalo": "Zalo",
    "email": "Thư điện tử",
    "letterbox": "Hòm thư góp ý",
    "in_person": "Trực tiếp",
    "dialogue": "Đối thoại, gặp mặt",
    "open311": "Hệ thống khác chuyển đến",
    "social": "Mạng xã hội",
}
LEVELS: Mapping[str, str] = {
    "province": "Cấp tỉnh",
    "district": "Cấp huyện (đến 30/6/2025)",
    "commune": "Cấp xã",
    "vertical": "Cơ quan ngành dọc",
}
STANDINGS: Mapping[str, str] = {
    "early": "Trước hạn",
    "on_time": "Đúng hạn",
    "late": "Quá hạn",
    "pending": "Trong hạn",
}
STAGES: Mapping[str, str] = {
    "received": "Mới nhận",
    "opened": "Chờ tiếp nhận",
    "accepted": "Đã tiếp nhận",
    "assigned": "Đã giao xử lý",
    "returned": "Trả lại đầu mối",
    "info_requested": "Chờ người gửi làm rõ",
    "answered": "Đã trả lời",
    "published": "Đã công khai",
    "rejected": "Đã hướng dẫn nơi giải quyết",
    "withdrawn": "Người gửi đã rút",
    "merged": "Đã gộp",
    "moved": "Đã chuyển bộ phận có thẩm quyền",
    "accept": "Tiếp nhận",
    "answer": "Trả lời",
    "publish": "Công khai",
}
EVENTS: Mapping[str, str] = {
    "opened": "Mở phản ánh",
    "accepted": "Tiếp nhận",
    "assigned": "Giao đơn vị",
    "corrected": "Sửa phân loại",
    "info_requested": "Yêu cầu làm rõ",
    "info_received": "Đã làm rõ",
    "extended": "Gia hạn",
    "answered": "Trả lời",
    "published": "Công khai",
    "rejected": "Hướng dẫn nơi giải quyết",
    "rated": "Người dân đánh giá",
    "reopened": "Mở lại",
    "merged": "Gộp",
    "moved": "Chuyển bộ phận có thẩm quyền",
    "brought": "Nhận từ luồng phản ánh",
    "erased": "Đã xóa dữ liệu",
    "returned": "Trả lại đầu mối",
    "lane_confirmed": "Xác định là đơn",
    "released": "Trả về luồng phản ánh",
    "withdrawn": "Người gửi rút",
    "urged": "Đôn đốc",
    "directed": "Chỉ đạo",
    "escalated": "Báo vượt cấp",
}
RATINGS: Mapping[str, str] = {"like": "hài lòng", "dislike": "không hài lòng", "neutral": "bình thường"}
PLACES: Mapping[str, str] = {
    "hcmc_1022": "Tổng đài 1022 Thành phố Hồ Chí Minh",
    "da_nang": "Đà Nẵng (QĐ 960/QĐ-UBND năm 2021)",
    "ha_noi": "iHanoi (QĐ 1207/QĐ-UBND năm 2025)",
}
UNITS: Mapping[str, str] = {
    "working_days": "ngày làm việc",
    "calendar_days": "ngày",
    "months": "tháng",
    "hours": "giờ",
    "working_hours": "giờ làm việc",
}
