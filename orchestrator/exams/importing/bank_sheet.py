"""The bank's template as a spreadsheet: Câu hỏi, A, B, C, D, Đáp án, Chủ đề, Ghim; a refusal's line is the row."""

import re
from collections.abc import Sequence

import msgspec

from orchestrator.exams.bank import ItemRefused, Parsed, Question, Refusal, checked
from orchestrator.exams.importing.gallery import Gallery
from orchestrator.exams.importing.sheets import Cell, Row, Sheet, read_sheets
from wire.paper import IMAGE_MARK

LETTERS = "ABCDEFGHIJ"
STEM, KEY, TOPIC, PINNED, TITLE = "Câu hỏi", "Đáp án", "Chủ đề", "Ghim", "Mã câu"
IMAGE = "Hình"
HEADINGS = (STEM, "A", "B", "C", "D", KEY, TOPIC, PINNED)
"""The template's first row; columns E to J, Hình and Mã câu may be added, the order is free. A picture may stand
anywhere in a question's row."""
ALL_PINNED = "tất cả"

_WORDS = {
    "câu hỏi": STEM, "nội dung": STEM, "nội dung câu hỏi": STEM, "question": STEM, "đáp án": KEY, "đáp án đúng": KEY,
    "key": KEY, "answer": KEY, "chủ đề": TOPIC, "topic": TOPIC, "ghim": PINNED, "pinned": PINNED, "hình": IMAGE,
    "mã câu": TITLE, "mã": TITLE, "id": TITLE,
}  # fmt: skip
_OPTION = re.compile(r"(?:phương án |đáp án |option )?([A-Ja-j])[.)]?", re.IGNORECASE)
_IGNORED = frozenset({"stt", "tt", "no", "no."})


class _Columns(msgspec.Struct, frozen=True):
    named: dict[str, int]
    options: tuple[int, ...]
    known: frozenset[int]


def parse_xlsx(content: bytes) -> Parsed:
    """All questions of a workbook, and all refusals. Raises `UnreadableFile` when it cannot be read at all."""
    gallery = Gallery()
    sheets = [sheet for sheet in read_sheets(content, gallery) if sheet.rows]
    questions: list[Question] = []
    refused: list[Refusal] = []
    for sheet in sheets:
        where = f"trang “{sheet.name}”: " if len(sheets) > 1 else ""
        _sheet(sheet, where, gallery, questions, refused)
    if not sheets:
        refused.append(Refusal(1, "tệp không có dòng nào"))
    return Parsed(tuple(questions), tuple(refused))


def _sheet(sheet: Sheet, where: str, gallery: Gallery, questions: list[Question], refused: list[Refusal]) -> None:
    head, columns = _heading(sheet.rows)
    if columns is None:
        wanted = ", ".join(HEADINGS)
        refused.append(Refusal(sheet.rows[0].number, f"{where}không có dòng tiêu đề ({wanted})"))
        return
    for row in sheet.rows[head + 1 :]:
        try:
            questions.append(gallery.placed(_question(row, columns)))
        except ItemRefused as reason:
            refused.append(Refusal(row.number, f"{where}{reason}"))


def _heading(rows: Sequence[Row]) -> tuple[int, _Columns | None]:
    """The first of the top rows that names the stem, the options and the key."""
    for place, row in enumerate(rows[:20]):
        named: dict[str, int] = {}
        options: dict[str, int] = {}
        ignored: set[int] = set()
        for column, cell in sorted(row.cells.items()):
            word = cell.text.casefold()
            if name := _WORDS.get(word):
                named.setdefault(name, column)
            elif found := _OPTION.fullmatch(word):
                options.setdefault(found[1].upper(), column)
            elif word in _IGNORED:
                ignored.add(column)
        run = [options[letter] for letter in LETTERS if letter in options]
        if STEM in named and KEY in named and len(run) >= 2 and set(LETTERS[: len(run)]) == set(options):
            known = frozenset((*named.values(), *run, *ignored))
            return place, _Columns(named, tuple(run), known)
    return 0, None


def _question(row: Row, columns: _Columns) -> Question:
    if row.fault:
        raise ItemRefused(row.fault)
    if strange := [cell for column, cell in sorted(row.cells.items()) if column not in columns.known]:
        raise ItemRefused(f"có nội dung ngoài mẫu (“{strange[0].text[:40]}”): hãy xóa hoặc đưa vào câu hỏi")
    options = _options(row, columns)
    stem, options = _with_signs(_text(row, columns.named[STEM], STEM), options, row.pictures)
    key = _text(row, columns.named[KEY], KEY)
    right = _right(key, options)
    pinned = _pinned(_optional(row, columns, PINNED), options)
    topic, title = _optional(row, columns, TOPIC), _optional(row, columns, TITLE)
    return checked(Question(row.number, title, topic, "plain", stem, options, right, pinned))


def _with_signs(stem: str, options: tuple[str, ...], pictures: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Put the row's images where `[Hình 1]`, … stand, counted from left to right; others stand below the stem."""

    def told(text: str) -> str:
        return IMAGE_MARK.sub(lambda mark: _sign(pictures, int(mark[1]), mark[0]), text)

    stem, options = told(stem), tuple(told(option) for option in options)
    whole = "".join((stem, *options))
    return "\n".join((stem, *(sign for sign in pictures if sign not in whole))), options


def _sign(pictures: tuple[str, ...], number: int, written: str) -> str:
    return pictures[number - 1] if 1 <= number <= len(pictures) else written


def _text(row: Row, column: int, name: str) -> str:
    cell = row.cells.get(column, Cell(""))
    if cell.fault:
        raise ItemRefused(f"cột {name}: {cell.fault}")
    return cell.text


def _optional(row: Row, columns: _Columns, name: str) -> str:
    column = columns.named.get(name)
    return "" if column is None else _text(row, column, name)


def _options(row: Row, columns: _Columns) -> tuple[str, ...]:
    texts = [_text(row, column, LETTERS[place]) for place, column in enumerate(columns.options)]
    while texts and not texts[-1]:
        texts.pop()
    for place, text in enumerate(texts):
        if not text:
            raise ItemRefused(f"phương án {LETTERS[place]} để trống")
    return tuple(texts)


def _right(key: str, options: tuple[str, ...]) -> int:
    if not key:
        raise ItemRefused("thiếu đáp án")
    found = re.fullmatch(r"([A-Ja-j])[.)]?", key)
    if not found:
        raise ItemRefused(f"đáp án phải là một chữ A, B, C…, ở đây là “{key[:40]}”")
    place = LETTERS.index(found[1].upper())
    if place >= len(options):
        raise ItemRefused(f"đáp án {found[1].upper()} không chỉ vào phương án nào")
    return place


def _pinned(told: str, options: tuple[str, ...]) -> tuple[int, ...]:
    if not told:
        return ()
    if told.casefold() == ALL_PINNED:
        return tuple(range(len(options)))
    if not re.fullmatch(r"[A-Ja-j](?:[\s,;]{1,3}[A-Ja-j])*", told):
        raise ItemRefused(f"cột Ghim phải là các chữ như “D” hoặc “C, D”, hoặc “{ALL_PINNED}”, ở đây là “{told[:40]}”")
    places = tuple(sorted({LETTERS.index(letter) for letter in told.upper() if letter in LETTERS}))
    if places[-1] >= len(options):
        raise ItemRefused(f"ghim phương án {LETTERS[places[-1]]} không có")
    return places
