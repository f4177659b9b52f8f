"""Personal numbers and addresses in a text, replaced by what they were; everything else stays as written.

Law 91/2025/QH15 asks that no more personal data be kept than the purpose needs: a handler needs the matter, and who may
see the contact finds it in the sealed original.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from models.addresses import find_home_addresses
from models.names import find_names
from models.text import PLACEHOLDERS, clean

_BLANK = " \t\u00a0\u2009\u202f\u200c\u200d"
_GAP = rf"(?:[{_BLANK}\n.\-–—_()/]|,(?=\d))"
_UNIT = r"(?:đồng|dong|đ|vnđ|vnd|usd|triệu|trieu|tỷ|tỉ|ty|m2|m²|m3|m³|ha|kwh|kg)(?!\w)"
_NO_UNIT = rf"(?!\s{{0,2}}{_UNIT})"
_NOT_GROUPED = r"(?![1-9]\d{0,2}(?:\.\d{3})+(?![.\d]))"
_NO_DATE = (
    r"(?!\d{1,2}[./\-](?:\d{1,2}[./\-])?(?:19|20)\d{2}(?!\d)"
    r"|\d{1,2}[.:]\d{2}\s?[\-–]\s?\d{1,2}[.:]\d{2}(?!\.?\d))"
)
_NUMERALS = frozenset(
    re.findall(
        r"\w+",
        "không khong một mốt mot hai ba bốn bon tư tu năm nam lăm lam sáu sau bảy bẩy bay tám tam chín chin lẻ "
        "trăm tram mươi muoi linh",
    )
)
_NUMERAL = rf"(?:{'|'.join(sorted(_NUMERALS))})(?!\w)"

_EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]++(?:\s?@\s?|\s?[(\[{](?:at|a|@)[)\]}]\s?|\s(?:at|a còng|a cong|acong)\s)"
    r"[\w\-]{1,63}(?:(?:\s?\.\s?|\s?[(\[](?:dot|chấm)[)\]]\s?|\s(?:dot|chấm|cham)\s)[a-z][\w\-]{0,62}){1,4}",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?<!\w)(?<!chủ )(?<!chu )((?:stk|số tài khoản|so tai khoan|tài khoản(?: ngân hàng)?"
    r"|tai khoan(?: ngan hang)?|tk|account)(?!\w)"
    rf"[^\d\n]{{0,40}}?)(?<!\d){_NOT_GROUPED}\d(?:[ .\-]?\d){{5,18}}+(?!\w){_NO_UNIT}",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"(?<!\w)((?:cccd|cmnd|cmtnd|cmt|căn cước(?: công dân)?|can cuoc(?: cong dan)?|chứng minh(?: nhân dân| thư)?"
    r"|chung minh(?: nhan dan| thu)?|hộ chiếu|ho chieu|passport|bhxh|bhyt|mã số thuế|ma so thue|mst|gplx)(?!\w)"
    rf"[^\d\n]{{0,20}}?)(?<!\d){_NOT_GROUPED}(?:(?<!\w)[A-Z]{{1,2}}[ \-]?)?\d(?:[ .\-]?\d){{5,18}}+(?!\w){_NO_UNIT}",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"[1-9](?<![\w.].)(?:\d[ \-.]?[A-ZĐ]{1,2}\d?[ \-.]{0,3}\d{3}[. \-]?\d{2}"
    r"|\d[A-ZĐ]{1,2}\d?[\-.]?\d{4}"
    rf"|\d-?[a-zđ]{{1,2}}\d?[\-.]?\d{{3}}\.?\d{{2}})(?!\w|[.,]\d){_NO_UNIT}"
)
_PHONE = re.compile(
    rf"(?=[+(08])(?<!\d)(?<!\d[./\-]){_NO_DATE}(?:"
    rf"\(?(?:\+|00)[{_BLANK}]?84\)?{_GAP}{{0,3}}(?:0{_GAP}{{0,3}})?(?:2\d|[35789])(?:{_GAP}{{0,3}}\d){{8}}"
    rf"|84{_GAP}?[35789](?:{_GAP}{{0,3}}\d){{8}}"
    rf"|\(?0{_GAP}{{0,3}}[3-9](?:{_GAP}{{0,3}}\d){{8}}"
    rf"|\(?0{_GAP}{{0,3}}[12](?:{_GAP}{{0,3}}\d){{8,9}})(?!\d){_NO_UNIT}"
)
_CARD = re.compile(r"(?<!\w)(?:[A-Z]\d{7,8}|[A-Z]{2}[ \-]?\d(?:[ \-]?\d){12})(?!\w)")
_RUN = re.compile(rf"(?<!\w)[A-Za-z]{{0,3}}\d+(?:[{_BLANK}.\-–_]{{1,3}}\d+)*\w*")
_SPELLED = re.compile(
    rf"\b(?=[kmhbtnlsc\doO])(?:(?:{_NUMERAL}|[\doO])[{_BLANK}.,\-–]{{0,3}}){{8,}}(?:{_NUMERAL}|[\doO](?!\w))",
    re.IGNORECASE,
)
_ONE_NUMERAL = re.compile(_NUMERAL, re.IGNORECASE)
_MONEY_AFTER = re.compile(rf"\s{{0,2}}{_UNIT}", re.IGNORECASE)
_MONEY_BEFORE = re.compile(
    r"(?:tiền|giá|phí|nộp|trả|hết|vốn|tổng|thu|lương|vay|nợ|tien|gia|nop)\b\D{0,20}$", re.IGNORECASE
)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_HAS_DATE = re.compile(r"(?<!\d)\d{1,2}[.\-]\d{1,2}[.\-](?:19|20)\d{2}(?!\d)")
_YEARS = re.compile(r"(?:19|20)\d{2}(?:\D+(?:19|20)\d{2})*")
_DOSSIER = re.compile(r"[A-Z]\d{2}(?:\.\d+)*-\d{6}-\d{4,}")
_SHORTEST = 9
_PERSON = re.compile("|".join(re.escape(PLACEHOLDERS[mark]) for mark in ("name", "address")))
_MOST_ROUNDS = 6
"""What stands for one thing may bring another to light; in practice the second round changes nothing more."""
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w{1,40}")
_SIX_DIGITS = re.compile(r"\d(?:\D{0,4}\d){5}")
_LETTER_FOR_ZERO = re.compile(r"\d(?:(?=[oO])|(?<=[oO]\d))")
_MAYBE_EMAIL = re.compile(r"[@\[({]|\s(?:at|acong|a c[oò]ng)\s", re.IGNORECASE)


def redact(text: str) -> str:
    """The cleaned text in NFC with personal numbers, names of persons and the sender's house replaced.

    Kept: sums of money, dates, years, numbers of legal documents and of dossiers, short public numbers (113, 1022),
    and the places, offices and firms that the text is about.
    """
    kept = _without_numbers(clean(text))
    for _ in range(_MOST_ROUNDS):
        before, kept = kept, _without_persons(kept)
        if kept == before:
            break
        kept = "\n".join([_without_numbers(line) if _PERSON.search(line) else line for line in kept.split("\n")])
    return kept


def _without_numbers(text: str) -> str:
    if _MAYBE_EMAIL.search(text):
        text = _EMAIL.sub(PLACEHOLDERS["email"], text)
    if _SIX_DIGITS.search(text):
        text = _redact_numbers(text)
    return _SPELLED.sub(_replace_spelled, text) if _may_spell_a_number(text) else text


def _without_persons(text: str) -> str:
    text = _masked(text, find_names(text), PLACEHOLDERS["name"])
    return _masked(text, find_home_addresses(text), PLACEHOLDERS["address"])


def _masked(text: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    """The text with the spans, given in order, replaced by a mark."""
    pieces, end_before = [], 0
    for start, end in spans:
        pieces += [text[end_before:start], mark]
        end_before = end
    return "".join([*pieces, text[end_before:]]) if pieces else text


def _may_spell_a_number(text: str) -> bool:
    """Nine digits, said or written, in words that follow each other; saves a slow search in most texts."""
    said = "".join(map(_digits_of, text.lower().split()))
    return "1" * _SHORTEST in said or _LETTER_FOR_ZERO.search(text) is not None


@lru_cache(maxsize=65_536)
def _digits_of(written: str) -> str:
    """For each word between two blanks a one per digit where it may be part of a number, else a zero."""
    return "".join(["1" * _longest_number(word) or "0" for word in _WORD.findall(written)])


def _longest_number(word: str) -> int:
    """How many digits a word may stand for."""
    return 1 if word in _NUMERALS else len(word) * (word[0] in "0123456789o")


def _redact_numbers(text: str) -> str:
    for pattern, mark in ((_ACCOUNT, "account"), (_PAPER, "paper")):
        text = pattern.sub(rf"\g<1>{PLACEHOLDERS[mark]}", text)
    for pattern, mark in ((_PLATE, "plate"), (_PHONE, "phone"), (_CARD, "paper")):
        text = pattern.sub(PLACEHOLDERS[mark], text)
    return _RUN.sub(_replace_run, text)


def _replace_run(match: re.Match[str]) -> str:
    run = match.group()
    if sum(map(str.isdigit, run)) < _SHORTEST or _is_public(match):
        return run
    return PLACEHOLDERS["paper"]


def _is_public(match: re.Match[str]) -> bool:
    run, before = match.group(), match.string[max(0, match.start() - 30) : match.start()]
    if _HAS_DATE.search(run) or _YEARS.fullmatch(run) or _DOSSIER.fullmatch(run):
        return True
    if run.casefold().endswith(("đ", "vnd", "vnđ")) or _MONEY_AFTER.match(match.string, match.end()):
        return True
    return bool(_GROUPED.fullmatch(run) and _MONEY_BEFORE.search(before))


def _replace_spelled(match: re.Match[str]) -> str:
    run = match.group()
    words = len(_ONE_NUMERAL.findall(run))
    letters_for_zero = words == 0 and "o" in run.lower() and _DIGIT.search(run)
    return PLACEHOLDERS["phone"] if words > 1 or letters_for_zero else run
