"""Explicit signs in a text, each a table of phrases: of an accusation, of a contested decision, of danger, of a place.

The words "khiếu nại" and "tố cáo" are used loosely by citizens, so they are signs only beside others (Law 02/2011
Art. 2.1: one's own right and a decision; Law 25/2018 Art. 2.1: a violation of law by somebody).
"""

from collections.abc import Iterable, Iterator, Sequence

from models.text import without_diacritics

_WRONGDOING = """
hối lộ; nhận tiền; ăn tiền; vòi tiền; vòi vĩnh; đòi tiền; tham ô; tham nhũng; biển thủ; ăn chặn; ăn bớt; bảo kê
chung chi; lót tay; phong bì; hoa hồng; lợi dụng chức vụ; lạm dụng chức vụ; lạm quyền; bao che; làm ngơ; làm giả
giả mạo; khai khống; lập khống; kê khống; khống; rút ruột; chiếm đoạt; đút túi; bỏ túi; tư túi; trục lợi; cưỡng đoạt
tống tiền; thông thầu; quân xanh; sân sau; hai sổ; quỹ đen; trốn thuế; hóa đơn khống; mua bán hóa đơn; chạy án
chạy việc; chạy điểm; bán đề; lừa đảo; cho vay nặng lãi; tín dụng đen; buôn lậu; ma túy; cá độ; bạo hành; xâm hại
quấy rối; tiêu cực; gian lận; hợp thức hóa; lùi ngày; xả trộm; chôn trộm; khai thác trái phép; phá rừng; cò đất
cò hồ sơ; chia chác; bôi trơn; ép ký; ép dân; thu không biên lai; mua điểm
"""
_ACCUSED = """
cán bộ; công chức; viên chức; chủ tịch; phó chủ tịch; bí thư; trưởng thôn; trưởng ấp; trưởng bản; trưởng khu
tổ trưởng; tổ phó; trưởng phòng; phó phòng; chánh văn phòng; công an; cảnh sát; hiệu trưởng; hiệu phó; kế toán
thủ quỹ; địa chính; chuyên viên; giám đốc; chi cục; đội trật tự; thanh tra; kiểm lâm; hải quan; quản lý thị trường
đăng kiểm; bác sĩ; giáo viên; chấp hành viên; công chứng viên; công ty; doanh nghiệp; chủ đầu tư; lãnh đạo
nhân viên; ông ta; bà ta; tên là; băng nhóm; đối tượng; trạm trưởng
"""
_DENOUNCING = """
tố cáo; tố giác; tố; xin giấu tên; giữ bí mật; bí mật danh tính; đừng nói tên; đừng nêu tên; không dám nêu tên
sợ bị trả thù; sợ trả thù; sợ trù dập; bị trù dập; tôi có ghi âm; ghi âm được; có bằng chứng; có clip; có video
làm chứng; mắt thấy tai nghe
"""
_CONTESTING = """
không đồng ý với quyết định; không đồng ý với thông báo; không đồng ý với kết luận; không chấp nhận quyết định
khiếu nại quyết định; khiếu nại thông báo; khiếu nại kết luận; khiếu nại hành vi; khiếu nại việc; khiếu nại lần hai
hủy quyết định; hủy bỏ quyết định; hủy thông báo; thu hồi quyết định; rút quyết định; xem xét lại quyết định
xem lại quyết định; quyết định xử phạt sai; quyết định sai; không nhất trí với; không đồng tình với quyết định
phạt oan; bị phạt oan; hủy phạt; đơn khiếu nại; giải quyết khiếu nại của tôi
"""
_DANGER = """
cháy; bốc cháy; đang cháy; cháy lớn; hỏa hoạn; cháy nhà; cháy rừng; nổ; phát nổ; rò rỉ gas; xì gas; rò gas; mùi gas
đuối nước; chết đuối; sạt lở; lở đất; lũ quét; lũ cuốn; vỡ đê; vỡ đập; vỡ bờ bao; sập; đổ sập; sắp sập; mắc kẹt
tai nạn; lật xe; bị thương nặng; cấp cứu; nguy kịch; co giật; bất tỉnh; ngừng thở; ngộ độc; cướp; cướp giật
đâm chém; chém nhau; hung khí; dao; mã tấu; súng; nổ súng; dây điện đứt; đứt dây điện; rò điện; điện giật
phóng điện; kêu cứu; cứu với; cứu người; bắt cóc; tự tử; tự sát; nhảy cầu; dọa giết; đe dọa giết; dọa đốt
dịch bệnh bùng phát; bùng phát dịch; ổ dịch; tràn hóa chất; rò rỉ hóa chất; hố tử thần; hố sâu không rào
"""
_PLACE = """
đường; phố; ngõ; ngách; hẻm; kiệt; số nhà; thôn; xóm; ấp; bản; khu; tổ; xã; phường; thị trấn; đặc khu; huyện; quận
thành phố; tỉnh; quốc lộ; tỉnh lộ; cao tốc; km; cầu; chợ; ngã ba; ngã tư; ngã năm; vòng xuyến; trước cổng; trước nhà
cạnh; gần; đối diện; chung cư; tòa; khu đô thị; khu dân cư; khu công nghiệp; trường; bệnh viện; trạm y tế; công viên
bến xe; cổng; đèo; sông; kênh; rạch; hồ; đập; bãi
"""


class Phrases:
    """Tables of phrases as typed with marks or wholly without, found by their first words."""

    def __init__(self, *tables: str, shortest_plain: int = 2) -> None:
        """Without marks only phrases of `shortest_plain` words and more are taken: a shorter one means many things."""
        self._tables = len(tables)
        self._by_first: dict[str, list[tuple[int, str]]] = {}
        for number, table in enumerate(tables):
            accented = {phrase.strip() for phrase in table.replace("\n", ";").split(";") if phrase.strip()}
            plain = {without_diacritics(phrase) for phrase in accented if phrase.count(" ") + 1 >= shortest_plain}
            for phrase in accented | plain:
                self._by_first.setdefault(phrase.split(" ")[0], []).append((number, f" {phrase} "))
        self._first_words = frozenset(self._by_first)

    def found(self, usual: str) -> list[tuple[str, ...]]:
        """Of each table the phrases in a text, given joined by blanks, in order; none that lies within another."""
        there: list[list[str]] = [[] for _ in range(self._tables)]
        for number, phrase in self._all(usual):
            there[number].append(phrase)
        return [_longest(f" {usual} ", phrases) if phrases else () for phrases in there]

    def any_in(self, usual: str) -> bool:
        """Whether a text, given joined by blanks, has one of the phrases."""
        return any(True for _ in self._all(usual))

    def _all(self, usual: str) -> Iterator[tuple[int, str]]:
        """Number of the table and phrase between blanks, of each phrase of the text."""
        padded = f" {usual} "
        for first in self._first_words.intersection(usual.split(" ")):
            for number, phrase in self._by_first[first]:
                if phrase in padded:
                    yield number, phrase


def _longest(padded: str, phrases: Sequence[str]) -> tuple[str, ...]:
    """In order of their places, without those that lie within another."""
    kept = [one for one in phrases if not any(one != other and one[1:-1] in other for other in phrases)]
    return tuple(one[1:-1] for one in sorted(kept, key=lambda one: (padded.index(one), one)))


SIGNS = Phrases(_WRONGDOING, _ACCUSED, _DENOUNCING, _CONTESTING, _DANGER)
PLACES = Phrases(_PLACE, shortest_plain=1)


def named(signs: Iterable[str], heading: str) -> list[str]:
    """Signs as a person reads them beside the proposed lane."""
    return [f"{heading}: “{sign}”" for sign in signs]
