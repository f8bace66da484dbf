"""How people write levels, phone numbers, codes and counts in a spreadsheet. Pure; None means it cannot be read."""

import re
import unicodedata

from wire.ids import Level

_LEVELS: dict[Level, tuple[str, ...]] = {
    Level.MAM_NON: ("mam non", "mn", "mau giao", "mg", "nha tre"),
    Level.TIEU_HOC: ("tieu hoc", "th", "cap 1", "cap i"),
    Level.THCS: ("thcs", "trung hoc co so", "cap 2", "cap ii"),
    Level.THPT_GDTX: (
        "thpt",
        "trung hoc pho thong",
        "cap 3",
        "cap iii",
        "gdtx",
        "giao duc thuong xuyen",
        "trung tam giao duc thuong xuyen",
        "trung tam gdtx",
        "tt gdtx",
        "gdnn",
        "trung tam gdnn",
        "tt gdnn",
        "giao duc nghe nghiep",
    ),
}
_LEVEL_OF = {word: level for level, words in _LEVELS.items() for word in words}
_LEVEL_OF |= {level.value.replace("_", " "): level for level in Level}
_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9._/-]{0,30}[A-Z0-9])?")
_COUNT = re.compile(r"[0-9]{1,6}")
_WORD_BREAK = re.compile(r"[\s._:*?()\"'/-]+")
_FORMULA = ("=", "+", "@", "\t")


def plain(text: str) -> str:
    """Lower case without diacritics and punctuation, for comparing words: `Cấp học *` -> `cap hoc`."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(_WORD_BREAK.sub(" ", letters).split())


def level_of(text: str) -> Level | None:
    """The level that `text` names. A school of two levels (`TH&THCS`, `THCS và THPT`) counts as its higher one."""
    whole = _LEVEL_OF.get(plain(text.removeprefix("Trường ")))
    if whole is not None:
        return whole
    parts = re.split(r"\s*(?:[&,+/;–-]|\bvà\b)\s*", text.casefold())
    levels = [_LEVEL_OF.get(plain(part.removeprefix("trường "))) for part in parts]
    if not parts or any(level is None for level in levels):
        return None
    order = list(Level)
    return max((level for level in levels if level is not None), key=order.index)


def code_of(text: str) -> str | None:
    """A site code or candidate number: 1 to 32 of A–Z 0–9 . _ / -, upper case."""
    code = text.upper()
    return code if _CODE.fullmatch(code) else None


def count_of(text: str, most: int) -> int | None:
    """A whole number from 0 to `most`."""
    return int(text) if _COUNT.fullmatch(text) and int(text) <= most else None


def phone_of(text: str) -> str | None:
    """A Vietnamese number as `0…` with 10 or 11 digits. Spreadsheets drop the leading 0; it is put back."""
    digits = re.sub(r"[\s().-]", "", text)
    digits = re.sub(r"^(?:\+84|0084|84(?=\d{9,10}$))0?", "0", digits)
    if re.fullmatch(r"[35789]\d{8}|2\d{9}", digits):
        digits = "0" + digits
    return digits if re.fullmatch(r"0[35789]\d{8}|02\d{9}", digits) else None


def name_of(text: str, longest: int) -> str | None:
    """A name: printable, not too long, and no spreadsheet formula (names go out again in result sheets)."""
    if not text or len(text) > longest or not text.isprintable() or text.startswith(_FORMULA):
        return None
    return text
