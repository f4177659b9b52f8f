"""Where a text gives the house of the person who writes; the houses and streets complained about are left alone."""

import re
from collections.abc import Iterator

from models.name_cues import lower

_ME = r"(?:tôi|tui|toi|em|mình|minh|mk|cháu|chau|con|e)"
_LIVE = (
    r"(?:(?:sinh sống|sinh song|sống|song|thường trú|thuong tru|tạm trú|tam tru|cư trú|cu tru|cư ngụ|cu ngu|trú|tru|ngụ"
    r"|ngu|thuê trọ|thue tro|ở trọ|o tro|thuê nhà|thue nha|trọ|thuê)(?: (?:ở|tại|o|tai))?|(?:ở|o)(?: (?:tại|tai))?)"
)
_HOME = re.compile(
    rf"[\s(,.;:!?\"“\-–](?:(?:{_ME}|(?:gia đình|gia dinh)(?: {_ME})?|(?:nhà|nha) {_ME})"
    rf"(?: (?:hiện đang|hiện nay|hien dang|hiện|đang|hien|dang|vẫn|cũng))? {_LIVE}"
    rf"|(?:nhà|nha) {_ME}(?: (?:tại|tai))?"
    r"|(?:thường trú|thuong tru|tạm trú|tam tru|trú quán|hktt|cư ngụ|cu ngu|cư trú|cu tru|ngụ|trú|tru)"
    r"(?: (?:tại|ở|tai|o))?"
    r"|(?:chỗ ở|nơi ở|cho o|noi o|hộ khẩu|ho khau)(?: (?:hiện nay|hiện tại|hien nay|thường trú|thuong tru|tại|là))*"
    r"|(?P<label>(?:địa chỉ|dia chi|đ/c|d/c|đc|dc)(?: (?:thường trú|tạm trú|liên hệ|liên lạc|nhà riêng|nhà|của tôi"
    r"|của em|tôi|em|nhận thư|nơi ở|hiện nay|thuong tru|tam tru|lien he|nha|cua toi|là|la|tại))*)"
    rf"|(?:{_ME}|người dân|nguoi dan|công dân|cong dan|người gửi|người tố cáo|người khiếu nại|người phản ánh"
    r"|người làm đơn)[^.\n\[]{0,12}\[họ tên\](?:,? (?:ở|o))?|\[số điện thoại\])(?!\w)"
)
_BUSINESS = re.compile(
    r"(?<!\w)(?:quán|cửa hàng|công ty|cơ sở|xưởng|tiệm|shop|nhà hàng|karaoke|khách sạn|trường|công trình|doanh nghiệp"
    r"|phòng khám|đại lý|kho|cây xăng|spa|quan|cua hang|cong ty|co so|xuong|tiem|nha hang|truong|cong trinh)(?!\w)"
)
_CLAUSE_END = re.compile(r"[.!?;\n]")
_CLAUSE = 120

_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_UNIT_AREA = r"(?!(?:Phường|Xã|Quận|Huyện|Thôn|Tỉnh|Thành|(?:Khu|Tổ) \d|P|Q|X|H|TP|TT|Phuong|Xa|Quan|Thon)\b)"
_TITLE = rf"[{_UPPER}][^\W\d_{_UPPER}]*(?!\w)"
_TITLES = rf"{_UNIT_AREA}{_TITLE}(?: {_UNIT_AREA}{_TITLE})"
_NUMBER = r"\d{1,4}[A-Za-z]?\d{0,2}(?:[/\-.]\d{1,4}[A-Za-z]?){0,4}(?![\w/])"
_LABEL = r"(?i:số nhà|so nha|nhà số|nha so|số|so|sn|nhà)"
_FOLDED = r"(?i:[^\W\d_]+(?: (?:thị|thi|văn|van))? [^\W\d_]+(?: [^\W\d_]+(?=[,.;)\n]|$))?)"
_WAY = r"(?i:đường|duong|phố|pho|đại lộ|ngõ|ngo|ngách|ngach|hẻm|hem|kiệt|kiet)"
_STREET = rf"{_WAY} (?:(?i:số |so )?{_NUMBER}|{_TITLES}{{0,5}}|{_FOLDED})"
_ALLEY = rf"(?i:ngõ|ngo|ngách|ngach|hẻm|hem|kiệt|kiet|tổ|to|khu|dãy|day|lô) {_NUMBER}"
_REST = rf"(?:,? {_STREET}| {_ALLEY}|,? {_LABEL} {_NUMBER}| {_TITLES}{{1,5}})"
_BLOCK = r"(?i:tòa|toa|nhà|nha|block|lô) \w{1,4}(?!\w)|CT\d\w?(?!\w)"
_UNIT = (
    rf"(?:(?i:căn hộ|can ho)(?: (?i:số|so))? [A-Za-z]?{_NUMBER}(?:,? (?:{_BLOCK}))?"
    rf"|(?i:căn|phòng|phong)(?: (?i:số|so))? [A-Za-z]?{_NUMBER},? (?:{_BLOCK}))"
)
_FIRST = rf"{_UNIT}|{_LABEL} {_NUMBER}|(?:{_ALLEY},? |{_STREET},? ){{1,3}}{_LABEL} {_NUMBER}|{_NUMBER}(?={_REST})"
_HOUSE = re.compile(rf"\)?\s?[:,;\-–(]?\s?((?:{_FIRST}){_REST}{{0,5}})")
_MAYBE_HOUSE = re.compile(
    rf"\d(?:(?<=[ốoàanỐOÀAN] \d)|[\w/.\-]{{0,20}},? "
    rf"(?:[{_UPPER}]|đư|du|ph|đạ|ngõ|ngo|ngá|nga|hẻ|he|ki|tổ|to|tò|nh|bl|lô|so|số))"
)


def find_home_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Code points [start, end) of house number and street where a person's home is told ("tôi ở số …", "trú tại …").

    The commune and what lies above it stay: without them nobody could handle the matter.
    """
    if not _MAYBE_HOUSE.search(text):
        return
    low, end = f" {lower(text)}", 0
    for cue in _HOME.finditer(low):
        house = _HOUSE.match(text, cue.end() - 1)
        if house and house.start(1) >= end and not (cue["label"] and _is_of_business(low, cue.start())):
            end = house.end()
            yield house.span(1)


def _is_of_business(low: str, start: int) -> bool:
    clause = _CLAUSE_END.split(low[max(0, start - _CLAUSE) : start])[-1]
    return _BUSINESS.search(clause) is not None and "[họ tên]" not in clause
