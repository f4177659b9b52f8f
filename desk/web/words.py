"""Words of pages that no label of casework names: what happened to a piece of feedback."""

EVENTS = {
    "opened": "Mở phản ánh", "accepted": "Tiếp nhận", "assigned": "Giao đơn vị", "corrected": "Sửa phân loại",
    "info_requested": "Yêu cầu làm rõ", "info_received": "Đã làm rõ", "extended": "Gia hạn", "answered": "Trả lời",
    "published": "Công khai", "rejected": "Hướng dẫn nơi giải quyết", "rated": "Người dân đánh giá",
    "reopened": "Mở lại", "merged": "Gộp", "moved": "Chuyển bộ phận có thẩm quyền", "erased": "Đã xóa dữ liệu",
    "returned": "Trả lại đầu mối", "lane_confirmed": "Xác định là đơn", "released": "Trả về luồng phản ánh",
    "withdrawn": "Người gửi rút", "urged": "Đôn đốc", "directed": "Chỉ đạo",
}
