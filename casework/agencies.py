"""The agencies of a province, with dated levels, and the matching of free names to codes."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from casework.errors import InvalidField
from casework.wording import spoken

LEVELS = ("province", "district", "commune", "vertical")
UNKNOWN = "unknown"
_CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """One agency; `valid_to` is its last day, `successor` the code that took over its work."""

    code: str
    name: str
    level: str
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


class Agencies:
    """All agencies in the order of the file; immutable."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self._by_code = {agency.code: agency for agency in agencies}
        self._by_name = _names(self._by_code.values())
        self._by_domain = {
            domain: agency.code for agency in reversed(self._by_code.values()) for domain in agency.domains
        }

    def __iter__(self) -> Iterator[Agency]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def get(self, code: str) -> Agency | None:
        """The agency of that code."""
        return self._by_code.get(code)

    def name(self, code: str) -> str:
        """The name that people know; an unlisted code as it is."""
        agency = self._by_code.get(code)
        return agency.name if agency else code

    def match(self, name_or_code: str) -> str:
        """The code meant by a code or free name; an unlisted ASCII code as given; else `unknown`."""
        given = name_or_code.strip()
        if given in self._by_code:
            return given
        found = self._by_name.get(spoken(given)) or self._by_name.get(_bare(given))
        return found or (given if _CODE.fullmatch(given) else UNKNOWN)

    def level(self, code: str, on: date) -> str | None:
        """The level of an agency on a day: after its last day that of its successor, null where it has none."""
        agency = self._by_code.get(code)
        if agency is None:
            return None
        if agency.valid_to is None or on <= agency.valid_to:
            return agency.level
        return self.level(agency.successor, on) if agency.successor else None

    def restated(self, code: str, on: date) -> str:
        """The code that has the agency's work on a day: its own until its last day, then that of its successor."""
        agency = self._by_code.get(code)
        if agency is None or agency.successor is None or agency.valid_to is None or on <= agency.valid_to:
            return code
        return self.restated(agency.successor, on)

    def below(self, code: str) -> frozenset[str]:
        """The agency itself and all below it."""
        found, left = {code}, [code]
        while left:
            parent = left.pop()
            children = [agency.code for agency in self if agency.parent == parent and agency.code not in found]
            found.update(children)
            left.extend(children)
        return frozenset(found)

    def for_domain(self, domain: str) -> str | None:
        """The agency that is proposed to handle a domain."""
        return self._by_domain.get(domain)


def parse_agencies(lines: Iterable[str]) -> Agencies:
    """Agencies in lines of CSV: `code,name,level,parent,valid_from,valid_to,successor,aliases,domains`.

    Aliases are separated by `|`, domains by spaces. Raises InvalidField naming the line or code at fault.
    """
    agencies: dict[str, Agency] = {}
    reader = csv.DictReader(lines)
    for fields in reader:
        agency = _agency({name: (value or "").strip() for name, value in fields.items() if name}, reader.line_num)
        if agency.code in agencies:
            raise _invalid("code", "repeated", reader.line_num, f"mã {agency.code} đã có ở dòng trên")
        agencies[agency.code] = agency
    for agency in agencies.values():
        _check_links(agency, agencies)
    return Agencies(agencies.values())


def _agency(fields: Mapping[str, str], line: int) -> Agency:
    if not _CODE.fullmatch(fields.get("code", "")):
        raise _invalid("code", "bad_code", line, "mã đơn vị chỉ gồm chữ không dấu, số và . _ -")
    if fields.get("level") not in LEVELS:
        raise _invalid("level", "unknown_level", line, f"cấp phải là một trong: {', '.join(LEVELS)}")
    return Agency(
        code=fields["code"],
        name=unicodedata.normalize("NFC", fields.get("name", "")),
        level=fields["level"],
        parent=fields.get("parent") or None,
        valid_from=_date(fields, "valid_from", line),
        valid_to=_date(fields, "valid_to", line),
        successor=fields.get("successor") or None,
        aliases=tuple(alias.strip() for alias in fields.get("aliases", "").split("|") if alias.strip()),
        domains=tuple(fields.get("domains", "").split()),
    )


def _date(fields: Mapping[str, str], name: str, line: int) -> date | None:
    text = fields.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise _invalid(name, "impossible_date", line, f"ngày “{text}” phải viết dạng 2025-06-30") from None


def _check_links(agency: Agency, agencies: Mapping[str, Agency]) -> None:
    for name in ("parent", "successor"):
        seen, code = {agency.code}, getattr(agency, name)
        while code:
            if code not in agencies or code in seen:
                message = f"Danh mục đơn vị: {name} của {agency.code} trỏ tới mã không có hoặc lặp vòng ({code})."
                raise InvalidField(name, "bad_link", message)
            seen.add(code)
            code = getattr(agencies[code], name)


def _invalid(field: str, code: str, line: int, message: str) -> InvalidField:
    return InvalidField(field, code, f"Danh mục đơn vị, dòng {line}: {message}.")


def _names(agencies: Iterable[Agency]) -> dict[str, str]:
    """Spoken and bare names to codes; a bare name that two agencies share means neither."""
    exact: dict[str, str] = {}
    bare: dict[str, set[str]] = {}
    for agency in agencies:
        for name in (agency.code, agency.name, *agency.aliases):
            exact.setdefault(spoken(name), agency.code)
            bare.setdefault(_bare(name), set()).add(agency.code)
    return {name: min(codes) for name, codes in bare.items() if len(codes) == 1} | exact


def _bare(name: str) -> str:
    parts = unicodedata.normalize("NFD", spoken(name).replace("đ", "d"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
