"""Answer tables as Vietnamese teachers write them: “1-A 2-C 3.B”, a table of such cells, numbers over letters, or
numbers beside letters."""

import re
from collections.abc import Iterable, Sequence

import msgspec

_PAIR = re.compile(r"(?:câu )?(\d{1,4}) ?[-.:)–—/]? ?([A-Ja-j])(?!\w)", re.IGNORECASE)
_PAIRS_ONLY = re.compile(r"[\s,;.|/]*")
_NUMBER = re.compile(r"(?:câu )?(\d{1,4})[.:)]?", re.IGNORECASE)
_LETTER = re.compile(r"([A-Ja-j])[.)]?")
_HEADING = re.compile(
    r"(câu|câu hỏi|câu số|số|stt|đáp án|đ/?a|đáp án đúng|chọn|key|answers?|mã đề.{0,20}|)\W?", re.IGNORECASE
)

Pairs = list[tuple[int, str]]


class KeyTable(msgspec.Struct):
    """The keys a document states by number; `double` are numbers it gives two letters to."""

    letters: dict[int, str] = msgspec.field(default_factory=dict)
    double: set[int] = msgspec.field(default_factory=set)

    def take(self, pairs: Iterable[tuple[int, str]]) -> None:
        """Add what one line or table says."""
        for number, letter in pairs:
            if self.letters.setdefault(number, letter) != letter:
                self.double.add(number)


def pairs_of(text: str) -> Pairs:
    """The pairs of a line that holds nothing else, [] for any other line."""
    text = " ".join(text.split())
    if not _PAIRS_ONLY.fullmatch(_PAIR.sub("", text)):
        return []
    return [(int(found[1]), found[2].upper()) for found in _PAIR.finditer(text)]


def pairs_of_table(rows: Sequence[Sequence[str]]) -> Pairs:
    """The pairs of a table that holds nothing but an answer key for one code, [] for any other table."""
    plain = [[" ".join(cell.split()) for cell in row] for row in rows]
    return _cells(plain) or _numbers_over_letters(plain) or _numbers_beside_letters(plain)


def _cells(rows: list[list[str]]) -> Pairs:
    pairs: Pairs = []
    for cell in (cell for row in rows for cell in row):
        found = pairs_of(cell)
        if not found and not _HEADING.fullmatch(cell):
            return []
        pairs += found
    return pairs


def _numbers_over_letters(rows: list[list[str]]) -> Pairs:
    pairs: Pairs = []
    filled = [row for row in rows if any(row)]
    if len(filled) % 2:
        return []
    for numbers, letters in zip(filled[::2], filled[1::2], strict=True):
        found = _column_pairs(numbers, letters)
        if not found:
            return []
        pairs += found
    return pairs


def _column_pairs(numbers: list[str], letters: list[str]) -> Pairs:
    pairs: Pairs = []
    if len(numbers) != len(letters):
        return []
    for place, (above, below) in enumerate(zip(numbers, letters, strict=True)):
        number, letter = _NUMBER.fullmatch(above), _LETTER.fullmatch(below)
        if number and letter:
            pairs.append((int(number[1]), letter[1].upper()))
        elif (above or below) and (place or not (_HEADING.fullmatch(above) and _HEADING.fullmatch(below))):
            return []
    return pairs


def _numbers_beside_letters(rows: list[list[str]]) -> Pairs:
    pairs: Pairs = []
    for place, row in enumerate(rows):
        if len(row) % 2:
            # A third column is a second code: which one these questions are, nothing says.
            return []
        for left, right in zip(row[::2], row[1::2], strict=True):
            number, letter = _NUMBER.fullmatch(left), _LETTER.fullmatch(right)
            if number and letter:
                pairs.append((int(number[1]), letter[1].upper()))
            elif (left or right) and not (place == 0 and _HEADING.fullmatch(left) and _HEADING.fullmatch(right)):
                return []
    return pairs
