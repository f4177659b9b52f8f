"""Words of pages that no label of casework names: roles, people, numbers of cases, clocks of dossiers."""

from uuid import UUID

ROLES = {
    "operator": "Trực tiếp nhận",
    "handler": "Cán bộ xử lý",
    "supervisor": "Giám sát, đôn đốc",
    "inspector": "Thanh tra",
    "wall": "Màn hình giám sát",
    "source": "Hệ thống gửi",
    "admin": "Quản trị",
    "system": "Hệ thống tự động",
}
CLOCKS = {
    "none": "chưa tính thời hạn",
    "running": "đang tính thời hạn",
    "stopped": "tạm dừng, chờ công dân",
    "ended": "đã kết thúc",
    "refused": "không tiếp nhận",
}
SPANS = {"running": "đang tính", "stopped": "chờ công dân"}
DUTIES_HEADING = "Việc phải làm"
DANGER = "Nguy hiểm đến tính mạng: CHUYỂN NGAY 113 / 114 / 115"
ASKED_FOR = {
    "returned": {"not_ours": "Không thuộc thẩm quyền của đơn vị", "unclear": "Chưa đủ thông tin để xử lý"},
    "rejected": {
        "tiep_cong_dan": "Nơi tiếp công dân",
        "mot_cua": "Bộ phận một cửa",
        "toa_an": "Tòa án",
        "khac": "Cơ quan khác",
    },
}


def case_name(feedback_id: str) -> str:
    """`PA-1A2B3C4D` of a UUID (its first eight digits); an id of another system whole, with one prefix."""
    try:
        short = UUID(feedback_id).hex[:8].upper()
    except ValueError:
        short = feedback_id.removeprefix("PA-")
    return f"PA-{short}"


def person(by: str) -> str:
    """Role and account of who decided (`operator:tong-dai-1`, `system/classify`) in words."""
    role, _, id_ = by.replace("/", ":").partition(":")
    name = ROLES.get(role, role)
    return name if role == "system" or id_ in ("", role) else f"{name} ({id_})"
