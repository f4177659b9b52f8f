"""Words by which a personal name is told from the name of a place, an office or a firm, in lower case."""

from collections.abc import Iterator

from models.text import without_diacritics


def _table(words: str) -> frozenset[str]:
    return frozenset(_entries(words))


def _both(words: str) -> frozenset[str]:
    """The entries as typed with marks and without."""
    return frozenset(spelling for entry in _entries(words) for spelling in (entry, without_diacritics(entry)))


def _entries(words: str) -> Iterator[str]:
    """Entries are parted by semicolons or line ends; in a table without semicolons by blanks."""
    parts = words.replace("\n", ";").split(";") if ";" in words else words.split()
    return (part.strip() for part in parts if part.strip())


COMMON_SURNAMES = _table("nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ ngô dương lý hồ đinh trương đoàn")
_RARE_SURNAMES = """
tạ tô lưu lương trịnh mai đào hà cao phùng tống thái lâm quách châu triệu la lục mạc ninh vương từ đàm tăng kiều nông
vi hứa thạch kim danh sơn giàng sùng thào vàng vừ lò lù lầu hạng cứ quàng cà tòng bế chu lại thân khúc nghiêm doãn
phí viên đồng ông âu tôn uông giáp khổng tiêu lữ diệp hàn bạch bá mã sầm ma hoa đới thiều cù phó cung điêu quàng
"""
SURNAMES = COMMON_SURNAMES | _table(_RARE_SURNAMES)
ALL_SURNAMES = SURNAMES | frozenset(map(without_diacritics, SURNAMES))
LOWER_SURNAMES = COMMON_SURNAMES | _table("tạ lưu trịnh đào phùng tống lâm quách lương mai cao hà")
PLAIN_SURNAMES = _table("nguyen tran le pham hoang huynh phan vu vo dang bui do ngo duong ly ho dinh truong doan trinh")
SURE_SURNAMES = _table("nguyễn trần phạm huỳnh đặng bùi đỗ trịnh lê phan nguyen pham huynh trinh hoang")

MIDDLES = _both("văn thị hữu đức đình xuân quang minh ngọc công bá thế duy viết trọng khắc thanh kim hồng thu quốc")
SURE_MIDDLES = _both("văn thị")
SURNAMES_AND_MIDDLES = ALL_SURNAMES | SURE_MIDDLES

_GIVEN = """
an anh ánh ân bách bảo bích bình bính cảnh châu chi chí chiến chinh chính chung chương công cúc cường danh diễm diệp
diệu du dung dũng duy duyên dương đài đại đan đạo đào đạt đăng điệp định độ đoan đông đồng đức gấm gia giang hà hạ hải
hân hằng hạnh hào hảo hậu hiền hiển hiệp hiếu hiệu hoa hòa hoài hoan hoàn hoàng hợi hồng hợp huân huệ hùng huy huyền
huỳnh hưng hương hường hữu kha khải khang khánh khiêm khoa khoát khôi khuê khương kiên kiệt kiều kim kỳ lam lâm lan
lân lành lập lê liên liễu linh lĩnh loan lộc lợi long luân luận lụa lực lương lượng lưu luyến luyện ly lý mạnh mai mận
mẫn mến mi minh mơ mỹ my nam nga ngà ngân nghi nghĩa ngoan ngọc nguyên nguyệt nhã nhân nhàn nhạn nhật nhi nhiên như
nhung ninh nụ oanh phát phi phong phú phúc phước phương phượng quân quang quế quốc quý quyên quyền quyết quỳnh sang
sáng sâm sen sĩ sinh sơn sự tài tâm tân tấn tạo thạch thái thắm thắng thanh thành thảo thế thêu thi thiện thiệp thịnh
thoa thoại thọ thơ thu thư thuận thục thường thưởng thụy thùy thủy thúy thy tiến tiên tiệp tín tình tịnh tỉnh toại
toàn toản trâm trân trang trà tri trí triển triết trinh trọng trúc trung trực trường tú tuân tuấn tuệ tùng tuyên tuyền
tuyết tường tỵ uyên vân vàng vi viễn việt vinh vĩnh vũ vui vượng vy vỹ xoan xuân xuyến yên yến thoan thơm hiên nhài
lài lựu tèo tí tý ý bé út thìn dần mùi dậu tuất đảm đoàn hoạt hưởng tươi toan vững khuyên ngát nết
"""
GIVEN = _both(_GIVEN)
SURE_GIVEN = _table("""
tuấn hiếu huy khánh khoa kiên phúc quân quỳnh thảo thúy thủy thùy trang trinh uyên vinh vy yến oanh nhung loan linh
hằng ngân phượng huệ hường khang khôi lộc nghĩa quyên thịnh tiến toàn trâm trúc tuyết vượng xuyến diễm hưng duyên cúc
""")
LAST_OF_FOUR = SURE_GIVEN | _table("hà hương lan hoa mai nga hạnh nhung trang huyen huong nhung thuy quynh phuong hanh")

GIVEN_OR_MIDDLE = GIVEN | MIDDLES
GIVEN_OR_SURNAME = GIVEN | ALL_SURNAMES | _both("hai ba tư năm sáu bảy tám chín mười út cả")

SURE = _table("""
ông; bà; anh; chị; em; chú; bác; cậu; mợ; dì; thím; dượng; thầy; cháu; bé; lão; thằng; mụ; gã; mr; mrs; ms; cụ; cô
bạn; đồng chí; đ/c; thầy giáo; cô giáo; họ tên; họ và tên; tên; tên là; tên đầy đủ; anh/chị; ông/bà; tên tôi; tên cháu
tên em; tên thật; biệt danh; tên gọi; tên con; tên mình; chủ tài khoản; chủ tk; ký tên; em gái; em trai; anh trai
chị gái; con trai; con gái; tên đầy đủ của tôi; ong; thay; chau; dong chi; thay giao; co giao; ho ten; ho va ten; ten
ten la; ten toi; chu tai khoan; chu tk
""")
"""After these any capitalised word is a name unless it is known to be none."""
SOFT = _both("""
vợ; chồng; bố; mẹ; gồm; bao gồm; gồm có; chủ xe; bác sĩ; bs; bác sỹ; cán bộ; giáo viên; công chứng viên; luật sư
chủ tịch; phó chủ tịch; bí thư; phó bí thư; sếp; gặp; hiệu trưởng; hiệu phó; phó hiệu trưởng; giám đốc; phó giám đốc
kế toán; thủ quỹ; y tá; điều dưỡng; y sĩ; dược sĩ; thẩm phán; thư ký; chấp hành viên; kiểm sát viên; điều tra viên
kiểm lâm viên; kiểm lâm; thượng úy; đại úy; trung úy; thiếu úy; thiếu tá; trung tá; thượng tá; đại tá; trung sĩ
thượng sĩ; chuyên viên; nhân viên; chủ nhà; chủ hộ; chủ quán; chủ trọ; tài xế; đối tượng; bị cáo; bị can; nạn nhân
bệnh nhân; học sinh; sinh viên; hàng xóm; đội trưởng; trạm trưởng; công an viên; công an; địa chính; tư pháp; hộ tịch
người dân; công dân; khách hàng; người phản ánh; người gửi; ng gửi; người viết; người viết đơn; người làm đơn
người khiếu nại; người tố cáo; người bị tố cáo; người bị khiếu nại; người đại diện; đại diện; trưởng thôn; trưởng ấp
trưởng bản; trưởng xóm; trưởng khu; tổ trưởng; tổ phó; tổ dân phố; trưởng phòng; phó phòng; chánh văn phòng
chủ tịch xã; chủ tịch phường; chủ tịch tỉnh; thu ngân; phó chủ tịch xã; phó chủ tịch phường; bí thư xã; bí thư chi bộ
chi bộ; công an xã; công an phường; trưởng công an xã; các hộ dân; đăng kiểm viên; thí sinh; phụ huynh; lớp trưởng
ông chủ; bà chủ; zalo; facebook; fb; nick; người đứng tên; đại diện hộ; hộ gia đình; người thân; chủ nhiệm; gửi
người mua; người bán; bên mua; bên bán; nguyên đơn; bị đơn; ông chủ tịch xã
""") | _table("hộ con cha má ba a c e ck co chu bac chi cu")
"""After these a name must begin with a surname or be made of usual given names."""
GROUPS = _both("""
người dân; công dân; công an; học sinh; sinh viên; nhân viên; cán bộ; giáo viên; phụ huynh; khách hàng; gửi; gặp
hộ dân; đại diện; tư pháp; hộ tịch; địa chính; chị em; anh em; anh chị em; bà con; trẻ em; con em; em bé; đối tượng
kiểm lâm; lái xe; nhà báo; phóng viên; kỹ sư; tiến sĩ; thạc sĩ; giáo sư; hộ lý; bảo mẫu; bảo vệ; quản lý; cảnh sát
môi giới; trưởng ban; phó ban; trưởng khoa; trưởng đoàn; giám thị; hướng dẫn viên; người yêu; đồng nghiệp; dân quân
thủ kho; nghi phạm; gọi; liên hệ; liên lạc; lh; alo; kẻ; trùm; cò; chủ thầu; chủ xưởng; chủ shop; chủ nợ; chủ tàu
phó thôn; trưởng họ; nhà ông
""")
"""After these a single given name, or a common surname and a name."""
DEEDS = _both("""
tố cáo; tố giác; khiếu nại; kiện; phản ánh; yêu cầu; cảm ơn; biểu dương; khen; nhờ; mời; bắt; phạt; do; bởi
""")
"""After these a full name of three words."""
PERSON_NOUNS = _both("người kẻ phạm thủ mưu đầu trùm nhân chủ tên")
SEVERAL = _both("các mấy những nhiều quý đám bọn vài")
SIGNED = _both("""
họ tên; người gửi; người viết; người viết đơn; người làm đơn; người khiếu nại; người tố cáo; ký tên; kính đơn
kính thư; trân trọng; cảm ơn; người đại diện
""")
"""A name follows on the next line."""
SELF = _both("tôi tui em mình cháu con mk tớ")
KIN = _both("vợ chồng con bố mẹ cha má ba ông bà anh chị em cô chú bác cậu dì mợ trai gái dâu rể nội ngoại cháu bạn")
LEADING = _table("""
kính gửi chào thưa dạ là tôi họ và các hai cảm ơn của với gặp tố cáo mr mrs ms bs ths ts gs ks ls đc zalo facebook fb
nick gọi nhờ liên hệ lh alo goi nho toi
""") | frozenset(word for word in SURE | SOFT if " " not in word and word not in {"ba", "sếp"})
"""Titles and other words that a run of capitalised words may begin with before the name."""

PLACE = _both("""
đường; phố; ngõ; ngách; hẻm; kiệt; xã; phường; quận; huyện; tỉnh; trấn; thị xã; thành phố; tp; tx; tt; p; q; h; x
thôn; xóm; ấp; bản; buôn; làng; sóc; phum; khóm; khu; kđt; kcn; tổ; khối; đảo; cù lao; hòn; núi; đồi; đèo; rừng; sông
hồ; đầm; kênh; rạch; suối; kinh; mương; đập; cống; bến; ga; cảng; cầu; hầm; chợ; siêu thị; trường; thpt; thcs
tiểu học; mầm non; mẫu giáo; chuyên; đại học; cao đẳng; trung học; học viện; bệnh viện; bv; trạm; phòng khám
nhà thuốc; công ty; cty; tnhh; cp; dntn; htx; hợp tác xã; doanh nghiệp; tư nhân; tập đoàn; hãng; xưởng; nhà máy; cơ sở
cửa hàng; quán; tiệm; shop; nhà hàng; khách sạn; karaoke; phở; bún; cơm; vàng; nhà xe; xe; hãng xe; taxi; chung cư
tòa; tòa nhà; cao ốc; khu đô thị; tượng đài; tượng; đài; đền; đền thờ; chùa; đình; miếu; lăng; phủ; nhà thờ; giáo xứ
giải; giải thưởng; công viên; vườn hoa; quảng trường; sân; rạp; ngã ba; ngã tư; ngã năm; ngã sáu; ngã bảy; vòng xoay
vòng xuyến; bùng binh; ngã; kè; nút giao; tuyến; đoạn; đại lộ; quốc lộ; cao tốc; cầu vượt; kios; garage; gara; salon
spa; ngân hàng; quỹ; nhà nghỉ; homestay; viện; đồn; kđc; dân cư; khu dân cư; cụm; lò; trại; bãi; dòng họ; họ; đại lý
số; đặc khu; hải đăng
""") - _table("xe ho so x h q p vien quy tram to ban dai lo don com vang ngo kinh bun cho chua trai cong den bai san")
NOT_BEFORE_PERSON = (PLACE - _both("họ tổ khu tượng đài đình")) | _both("nước tiếng đặt hiệu")
WHERE = _both("""
ở tại qua đến tới từ vào ra đi trước sau cuối đầu dọc giữa hướng trên về gần giáp nối phía cạnh ngang dưới trong ngoài
giao cắt vô lên xuống theo quanh bên thuộc
""")
AFTER_ROAD = ("giao ", "cắt ", "đoạn ", "- ", "– ", "nối ", "đi ")
NO_NAME = _table("""
tôi em cháu mình chúng nhưng khi nếu hôm đề xin mong kính vì không hiện trước trên theo tại đây những một người nhà
đường phố phường xã thôn xóm ấp khu quận huyện tỉnh trường bệnh công cán chủ phó trưởng bí ủy ban sở bộ phòng cục đội
hội tổng thanh-tra viện tòa đảng mặt chánh dao mông hàn đài tày nùng mường khmer chăm ý úc chính giám bác giáo luật
nhân tiếng nước địa táo trời phật bụt thánh tây trạng tổ cử ngoại và với của cho thì là mà được bị hỏi gửi cựu thượng
thiếu google facebook zalo grab shipper tiktok youtube tết chợ cầu hàng xe cảnh trung-tâm văn-phòng ubnd hđnd csgt evn
ca vneid dân thủ hiệu kế tư-pháp hà-nội lãnh toi nhung neu hom khong hien truoc tren nguoi nha duong pho xa thon quan
huyen truong benh cong can chu bi uy so bo cuc doi giam bac giao luat nuoc dia va voi cua thi duoc hoi gui tet hang
canh dan
""")
"""Words that, written with a capital after a cue, begin an office, a role, a place or a sentence, not a name."""
FAMOUS = _both("""
nguyễn văn linh; nguyễn hữu thọ; nguyễn văn trỗi; nguyễn thị minh khai; nguyễn văn cừ; nguyễn thị định; nguyễn bá ngọc
nguyễn đình chiểu; nguyễn bỉnh khiêm; nguyễn tri phương; nguyễn chí thanh; nguyễn trung trực; nguyễn công trứ
nguyễn khánh toàn; nguyễn phong sắc; nguyễn duy trinh; nguyễn lương bằng; nguyễn văn huyên; nguyễn tất thành
nguyễn sinh sắc; nguyễn thái học; nguyễn hữu cảnh; nguyễn thiện thuật; nguyễn văn tố; nguyễn ái quốc; nguyễn an ninh
nguyễn văn bảy; nguyễn khắc nhu; nguyễn cơ thạch; nguyễn hữu huân; nguyễn đức cảnh; nguyễn cảnh chân; nguyễn văn lương
nguyễn thượng hiền; nguyễn trường tộ; nguyễn gia thiều; nguyễn văn quá; nguyễn xiển; nguyễn thị thập; nguyễn ảnh thủ
trần hưng đạo; trần quốc toản; trần nhân tông; trần nhật duật; trần khánh dư; trần quang khải; trần quang diệu
trần khát chân; trần bình trọng; trần quốc hoàn; trần duy hưng; trần thái tông; trần đại nghĩa; trần đăng ninh
trần huy liệu; trần não; trần văn ơn; trần quốc nghiễn; trần cao vân; trần thủ độ; trần nguyên hãn; trần xuân soạn
lê quý đôn; lê thánh tông; lê thánh tôn; lê hồng phong; lê văn lương; lê đức thọ; lê văn sỹ; lê trọng tấn; lê văn tám
lê văn duyệt; lê văn việt; lê quang định; lê đại hành; lê thanh nghị; lê thị riêng; lê văn khương; lê thái tổ
lê thị hồng gấm; lê văn hưu; lê văn quới; lê lâm; lê đình lý; lê tuấn mậu; phạm văn đồng; phạm ngọc thạch
phạm ngũ lão; phạm hồng thái; phạm hùng; phạm văn chiêu; phạm thế hiển; phạm văn bạch; phan bội châu; phan chu trinh
phan châu trinh; phan đình phùng; phan đăng lưu; phan đình giót; phan văn trị; phan xích long; phan huy ích
phan văn hớn; phan huy chú; hoàng quốc việt; hoàng hoa thám; hoàng văn thụ; hoàng văn thái; hoàng đạo thúy
hoàng minh giám; hoàng minh thảo; huỳnh thúc kháng; huỳnh tấn phát; huỳnh văn bánh; võ nguyên giáp; võ văn kiệt
võ thị sáu; võ chí công; võ văn tần; võ văn ngân; vũ trọng phụng; vũ tông phan; đặng thai mai; đặng văn ngữ
đặng tiến đông; đặng thùy trâm; đinh tiên hoàng; đinh công tráng; đinh bộ lĩnh; đỗ xuân hợp; ngô gia tự; ngô thì nhậm
ngô tất tố; ngô đức kế; ngô sĩ liên; dương minh châu; dương quảng hàm; dương đình nghệ; dương bá trạc; lý thường kiệt
lý thái tổ; lý nam đế; lý tự trọng; lý chính thắng; lý thánh tông; hồ chí minh; hồ xuân hương; hồ tùng mậu; hồ học lãm
hồ quý ly; hồ văn huê; bùi thị xuân; bùi đình túy; bùi hữu nghĩa; bùi xuân phái; trương công định; trương vĩnh ký
đoàn thị điểm; đoàn trần nghiệp; tôn đức thắng; tôn thất tùng; tôn thất thuyết; tô hiến thành; tô vĩnh diện
tô ngọc vân; mạc đĩnh chi; mai chí thọ; cao bá quát; hà huy tập; hà huy giáp; lương thế vinh; lương văn can
lưu hữu phước; mai hắc đế; nông quốc chấn; kim đồng; phùng chí kiên; chu văn an; châu văn liêm; trịnh hoài đức
trịnh công sơn; thái văn lung; tạ quang bửu
""")
"""Persons whose names streets and schools bear; without a cue of a person they name a place."""
KNOWN_PLACES = _both("""
hà nội; hà giang; hà nam; hà tĩnh; hà đông; hà tiên; hồ gươm; hồ tây; hồ chí minh; cao bằng; cao lãnh; lâm đồng
lâm hà; lâm thao; lâm bình; mai sơn; mai châu; hoàng mai; hoàng sa; hoàng su phì; lê chân; lý sơn; lý nhân; phan thiết
phan rang; phan rí; trần đề; trần văn thời; vũ thư; vũ quang; vũ ninh; đặng xá; bùi môn; đinh văn; ngô quyền
dương kinh; dương đông; thái bình; thái nguyên; thái thụy; kim sơn; kim bôi; kim động; kim thành; kim bảng; sơn la
sơn tây; sơn trà; sơn động; sơn dương; ninh bình; ninh thuận; ninh giang; ninh hòa; an giang; bình dương; bình phước
bình định; bình thuận; nam định; hải phòng; hải dương; quảng ninh; quảng nam; quảng trị; quảng bình; quảng ngãi
hưng yên; bắc ninh; bắc giang; việt nam; việt trì; thanh hóa; thanh xuân; tây ninh; tiền giang; hậu giang; đồng nai
đồng tháp; long an; vĩnh long; vĩnh phúc; phú thọ; phú yên; phú quốc; hòa bình; tuyên quang; lạng sơn; lào cai
yên bái; điện biên; lai châu; gia lai; kon tum; đắk lắk; đà nẵng; cần thơ; sóc trăng; trà vinh; bến tre; bạc liêu
cà mau; kiên giang; khánh hòa; nghệ an; thừa thiên; vũng tàu; hạ long; cẩm phả; uông bí; móng cái; vân đồn; nha trang
đà lạt; quy nhơn; sài gòn; sa pa; tam kỳ; hội an; hàn quốc; trung quốc; nhật bản; campuchia; anh quốc; đài loan
thủ đức; gò vấp; tân bình; từ liêm; la gi; châu đốc; châu thành; triệu phong; mạc chi; lương sơn; lương tài; văn giang
văn lâm; văn chấn; văn quan; đoàn hùng; bạch long vĩ; bạch mai; hoa lư; hoa sen; hoa kỳ; hàn mặc tử; giáp bát
nông cống; ông đốc; quang trung; trường sa
""")
FIXED = _both("""
bà rịa; bà triệu; bà trưng; bà đen; bà nà; bà chiểu; bà điểm; bà hom; bà hạt; bà quẹo; bà huyện; bà chúa; bà mụ; bà vì
ông lãnh; ông ích; ông tạ; ông đốc; ông địa; ông táo; ông trời; ông phật; ông công; ông bổn; ông đồ; ông già; cô tô
cô giang; cô bắc; cô tấm; anh đào; anh văn; anh quốc; anh ngữ; con cuông; con rồng; chú cuội; bác ái; bác hồ; chú tây
ông tây; bà tây; bà đỡ; bà xã; ông xã; ông tượng; bà đồn; con gà; em bé
""")
"""A cue and a word that together are no person."""
AMBIGUOUS_FIRST = _table("""
hai ba tư năm sáu bảy tám chín mười cả út hoa mai thu xuân trung công tài an toàn đồng nam hiện
""")
"""Given names that at the beginning of a sentence may be the common word."""
FUNCTION_WORDS = _both("""
là ở có đã đang sẽ bị được và với cho không ko này đó làm của trên dưới cũng vẫn còn thì mà nên rồi do tại từ đến ra
vào
""")
AMBIGUOUS_CUES = _table("co con ba chi chu bac a c e bo me vo em")
WEAK_SURNAMES = _table("do dang duong ho vo ngo ly vu bui mai cao dinh truong doan")
"""Without marks these are common words too."""
TITLES_WITH_DOT = _table("mr mrs ms bs ths ts gs ks ls ô đ.c")
COMPOUNDS = _both("""
thanh tra; thanh niên; thanh toán; trung tâm; trung ương; trung học; trung tá; trung úy; trung đoàn; trung cấp
thành phố; thành ủy; thành viên; văn phòng; thành đoàn; công ty; công an; công đoàn; công chức; công nhân; tài chính
tài nguyên; tài khoản; hải quan; an ninh; an toàn; nông nghiệp; chi cục; chi nhánh; chi bộ; chi đoàn; quân đội
quân sự; bảo hiểm; bảo vệ; thường trực; thường vụ; hòa giải; nhân dân; nhân viên; hội đồng; hạnh kiểm; nghĩa vụ
tân binh; minh tinh; phát thanh; hiệu trưởng; hiệu phó; trường hợp; thu ngân; bí thư; thi hành; đông y; tâm thần
thể dục; mỹ thuật; hoa kiều; việt kiều; tiến sĩ; sinh viên; bình dân; phúc lợi; kim loại; chính quyền; chính phủ
quốc hội; tín dụng; tân sinh; đại học; đại diện
""")
"""A given name and a common word that together are neither."""
NATIONS = _table("nga việt hoa thái đức anh trung mỹ pháp nhật lào")
"""Single words after "vợ", "chồng", "công dân" that tell where somebody comes from."""
BY_NATION = _table("vợ chồng dân lấy dâu rể")
NO_FOLDED = _table("""
do thi phuong; do thi moi; do thi xa; dang thi cong; duong van con; duong van chuyen; duong thi hong
""")
SHORTENED = _table("th ph ng kh tr nh ch gi qu")

CUE_ENDS = frozenset(
    phrase.split(" ")[-1] for phrase in SURE | SOFT | GROUPS | DEEDS | SELF | PLACE | TITLES_WITH_DOT | SIGNED
) | {"là", "la", "mr.", "mrs.", "ms.", "bs.", "ths.", "ts.", "ô.", "thoại]"}
"""The last words of all cues."""
