"""What common abbreviations, official ones and those of chat (teencode), stand for."""

_OFFICIAL = """
ubnd=ủy ban nhân dân; hđnd=hội đồng nhân dân; hdnd=hội đồng nhân dân; qsdđ=quyền sử dụng đất
qsdd=quyền sử dụng đất; qsd=quyền sử dụng; gcn=giấy chứng nhận; gcnqsdđ=giấy chứng nhận quyền sử dụng đất
gcnqsdd=giấy chứng nhận quyền sử dụng đất; gpxd=giấy phép xây dựng; qhxd=quy hoạch xây dựng
gpmb=giải phóng mặt bằng; tđc=tái định cư; tdc=tái định cư; bhxh=bảo hiểm xã hội; bhyt=bảo hiểm y tế
bhtn=bảo hiểm thất nghiệp; cccd=căn cước công dân; cmnd=chứng minh nhân dân; cmt=chứng minh thư
gplx=giấy phép lái xe; gpkd=giấy phép kinh doanh; đkkd=đăng ký kinh doanh; dkkd=đăng ký kinh doanh
hkd=hộ kinh doanh; tthc=thủ tục hành chính; dvc=dịch vụ công; dvctt=dịch vụ công trực tuyến; dvcqg=dịch vụ công quốc gia
csgt=cảnh sát giao thông; csđt=cảnh sát điều tra; pccc=phòng cháy chữa cháy; antt=an ninh trật tự
attp=an toàn thực phẩm; vsattp=vệ sinh an toàn thực phẩm; vsmt=vệ sinh môi trường; atgt=an toàn giao thông
gtvt=giao thông vận tải; gtcc=giao thông công cộng; tnmt=tài nguyên môi trường; khcn=khoa học công nghệ
tttt=thông tin truyền thông; gdđt=giáo dục đào tạo; gddt=giáo dục đào tạo; ldtbxh=lao động thương binh xã hội
lđtbxh=lao động thương binh xã hội; nncc=người có công
tncn=thu nhập cá nhân; gtgt=giá trị gia tăng; vat=giá trị gia tăng
tndn=thu nhập doanh nghiệp; mst=mã số thuế; hđđt=hóa đơn điện tử; nsnn=ngân sách nhà nước; đtc=đầu tư công
bql=ban quản lý; bqt=ban quản trị; cđt=chủ đầu tư; cdt=chủ đầu tư; kdc=khu dân cư; kđt=khu đô thị; kdt=khu đô thị
kcn=khu công nghiệp; ccn=cụm công nghiệp; nvh=nhà văn hóa; thcs=trung học cơ sở; thpt=trung học phổ thông
gv=giáo viên; gvcn=giáo viên chủ nhiệm; bgh=ban giám hiệu; bv=bệnh viện; bvđk=bệnh viện đa khoa
tyt=trạm y tế; cbcc=cán bộ công chức; ccvc=công chức viên chức; nlđ=người lao động; nld=người lao động
hđlđ=hợp đồng lao động
htx=hợp tác xã; ntm=nông thôn mới; btxm=bê tông xi măng; ql=quốc lộ; tl=tỉnh lộ; qlộ=quốc lộ; vlxd=vật liệu xây dựng
nđ=nghị định; qđ=quyết định; vbpl=văn bản pháp luật; llpt=lý lịch tư pháp; lltp=lý lịch tư pháp
thads=thi hành án dân sự; qltt=quản lý thị trường; bvtv=bảo vệ thực vật; tp=thành phố; tx=thị xã
cty=công ty; cti=công ty; dn=doanh nghiệp; nv=nhân viên; sx=sản xuất; kd=kinh doanh; cs=cơ sở
"""
_CHAT = """
ko=không; k=không; kg=không; hok=không; hông=không; hong=không; hem=không; khg=không; kh=không; khong=khong
dc=được; đc=được; đk=được; dx=được; đx=được; ng=người; ngta=người ta; mng=mọi người; mk=mình; vs=với
bn=bao nhiêu; bnh=bao nhiêu; j=gì; gi=gì; z=vậy; v=vậy; r=rồi; cx=cũng; cg=cũng; cũg=cũng; lm=làm
nma=nhưng mà; nhma=nhưng mà
ntn=như thế nào; ntnao=như thế nào; ts=tại sao; tks=cảm ơn; thanks=cảm ơn; tk=tài khoản; ck=chuyển khoản
stk=số tài khoản; sdt=số điện thoại; sđt=số điện thoại; đt=điện thoại; trc=trước; trg=trong; nc=nước; wa=quá; wá=quá
qá=quá; iu=yêu; bit=biết; bjt=biết; hnay=hôm nay; hqua=hôm qua; bgio=bao giờ; bjo=bao giờ; nh=nhiều; nhìu=nhiều
oto=ô tô; ôtô=ô tô; xmay=xe máy; karaôkê=karaoke; kara=karaoke; wf=wifi; fb=facebook; cntt=công nghệ thông tin
"""


def _table(text: str) -> dict[str, str]:
    pairs = (entry.split("=") for entry in text.replace("\n", ";").split(";") if entry.strip())
    return {short.strip(): meaning.strip() for short, meaning in pairs}


MEANINGS = _table(_OFFICIAL) | _table(_CHAT)
"""Abbreviation in lower case to the words it stands for, separated by spaces."""
