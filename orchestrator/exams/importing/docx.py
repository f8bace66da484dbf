"""Reads Word files as Vietnamese teachers write them: “Câu 1.” (or “1.”), options A. B. C. D. on lines of their own, on
one line or in a table, the key underlined, bold, coloured, stated (“Đáp án: B”) or in an answer table.

A refusal's line is the number of the paragraph in the document, counted from 1, tables included.
"""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from orchestrator.exams.bank import ItemRefused, Parsed, Question, Refusal, Remark, RemarkKind
from orchestrator.exams.importing.gallery import SIGNS, Gallery
from orchestrator.exams.importing.package import Package
from orchestrator.exams.importing.word_items import ZERO_WIDTH, Item, Made, made, stated_in
from orchestrator.exams.importing.word_keys import KeyTable, pairs_of, pairs_of_table
from orchestrator.exams.importing.word_lines import Block, Grid, Line, read_blocks
from orchestrator.exams.importing.word_styles import NO_MARKS

_ITEM = re.compile(
    r"\s?(?:câu(?: hỏi)?|question)\s?(?:số\s?)?(\d{1,4})(?!\d)"
    r"(?!\s?(?:đến|tới|và|,|–|-)\s?(?:câu\s?)?\d)(?:\s?[.:)/–—-]|(?=[\s(\[])|$)\s?",
    re.IGNORECASE,
)
_BARE_ITEM = re.compile(r"\s?(\d{1,3})\s?[.)/:]\s")
_FIRST_OPTION = re.compile(r"(?:^|\t)\(?A ?[.):/]")
_ANSWERS = re.compile(
    r"(?:phần |bảng |hướng dẫn )?(?:chấm và )?đáp án(?: [^:]{0,60})?[.:]?|answer keys?:?", re.IGNORECASE
)
_STATED = re.compile(r".*\b[A-J]\.?")
_PART = re.compile(r"(phần|chương|part|section)\s+([ivx]+|\d+|[A-D])\b.*", re.IGNORECASE)
_TOPIC = re.compile(r"(?:chủ đề|chủ điểm|topic)\s?(?:[ivx\d]+)?\s?[:.]\s?(.+)", re.IGNORECASE)
_DECOR = "(?:[^\\w\U000f0000-\U000fffff]|_)*"
"""Dashes, stars and the like; the sign of an image is none of them."""
_END = re.compile(
    rf"{_DECOR}(hết|the end)?{_DECOR}|{_DECOR}(cán bộ|giám thị|thí sinh) .{{0,80}}|trang \d+(/\d+)?", re.IGNORECASE
)
_PASSAGE = re.compile(
    r"\b(đọc|dựa vào|sử dụng|căn cứ|read|refer).{0,80}(đoạn|văn bản|bảng|thông tin|dữ kiện|hình|biểu đồ|passage|text)"
    r"|(câu|questions?) \d+ (đến|tới|-|–|to) (câu )?\d+",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,4})\s?(?:đến|tới|-|–|to|và|and)\s?(?:câu\s?)?(\d{1,4})", re.IGNORECASE)


class _Sorted(msgspec.Struct):
    """The document sorted into questions; `loose` are lines before the item of that place in `items`."""

    items: list[Item] = msgspec.field(default_factory=list)
    keys: KeyTable = msgspec.field(default_factory=KeyTable)
    loose: dict[int, list[Line]] = msgspec.field(default_factory=dict)
    solutions: set[int] = msgspec.field(default_factory=set)


def parse_docx(content: bytes) -> Parsed:
    """All questions of a Word file, and all refusals. Raises `UnreadableFile` when it cannot be read at all."""
    gallery = Gallery()
    return questions_of(read_blocks(Package(content), gallery), gallery)


def questions_of(blocks: list[Block], gallery: Gallery) -> Parsed:
    """All questions of a document's lines and tables."""
    found = _Sorting(by_word=_numbered_by_word(blocks)).over(blocks)
    for place in found.solutions:
        letters = stated_in(found.items[place])
        found.keys.take((found.items[place].number, letter) for letter in letters)
    repeated = {number for number, times in Counter(_numbers(found)).items() if times > 1}
    questions: list[Question] = []
    refused: list[Refusal] = []
    remarks: list[Remark] = []
    passages = _Passages()
    for place, item in enumerate(found.items):
        made_one = made(item, found.keys.letters.get(item.number) if item.number not in repeated else None)
        if place in found.solutions and not made_one.options:
            continue
        name = f"Câu {item.number}"
        shared = passages.against(item.number, found.loose.get(place, []))
        reason = _reason(item, made_one, found.keys, repeated) or shared
        passages.follow(made_one)
        question, fault = _placed(made_one.question, gallery)
        reason = reason or fault
        if question is not None and not reason:
            questions.append(question)
            remarks += [Remark(item.line, RemarkKind.LEFT_OUT, f"{name}: {note}") for note in made_one.notes]
        else:
            refused.append(Refusal(item.line, f"{name}: {reason}"))
    if not found.items:
        refused.append(Refusal(1, "không tìm thấy câu hỏi nào (“Câu 1.” hoặc “1.” ở đầu đoạn)"))
    return Parsed(tuple(questions), tuple(refused), tuple(remarks))


def _placed(question: Question | None, gallery: Gallery) -> tuple[Question | None, str]:
    """The question with its images, or why they cannot be taken."""
    if question is None:
        return None, ""
    try:
        return gallery.placed(question), ""
    except ItemRefused as reason:
        return None, str(reason)


def _numbers(found: _Sorted) -> Iterator[int]:
    return (item.number for place, item in enumerate(found.items) if place not in found.solutions)


def _reason(item: Item, made_one: Made, keys: KeyTable, repeated: set[int]) -> str:
    if item.number in keys.double:
        return "bảng đáp án ghi hai đáp án khác nhau"
    if made_one.reason.startswith("thiếu đáp án") and item.number in repeated and item.number in keys.letters:
        return "số câu bị lặp lại nên không biết bảng đáp án nói câu nào"
    if made_one.reason:
        return made_one.reason
    stray = [line for line in made_one.trailing if not _END.fullmatch(line.text[:200]) or line.faults]
    if stray and not _speaks_of_more(stray):
        return f"{_told_of(stray[0])} (đoạn {stray[0].number})"
    return ""


def _told_of(stray: Line) -> str:
    if stray.faults:
        return stray.faults[0]
    if SIGNS.search(stray.text):
        return "có hình sau phương án cuối, không rõ thuộc câu nào: hãy đặt hình ngay dưới lời dẫn của câu"
    return f"có đoạn lạc sau phương án cuối: “{stray.text[:60]}”"


def _speaks_of_more(lines: list[Line]) -> bool:
    return any(_PASSAGE.search(line.text[:400]) for line in lines)


class _Passages:
    """A text or picture that several questions share stands outside all of them: those that need it are refused."""

    def __init__(self) -> None:
        self._line = 0
        self._first = 0
        self._last = 0
        self._picture = 0

    def follow(self, before: Made) -> None:
        """Take note of what stands after a question."""
        self._picture = next((line.number for line in before.trailing if line.faults or SIGNS.search(line.text)), 0)
        self._begin(list(before.trailing))

    def against(self, number: int, loose: list[Line]) -> str:
        """Why the question of this number cannot stand alone, "" if it can."""
        if loose:
            self._begin(loose)
        if self._picture:
            return f"ngay trước câu này có hình hoặc đối tượng (đoạn {self._picture}), không rõ thuộc câu nào"
        if self._line and self._first <= number <= self._last:
            return f"dựa vào đoạn dẫn chung ở đoạn {self._line}: hãy chép đoạn dẫn vào từng câu"
        return ""

    def _begin(self, lines: list[Line]) -> None:
        told = next((line for line in lines if _PASSAGE.search(line.text[:400])), None)
        if told is None:
            return
        span = _RANGE.search(told.text[:400])
        self._line = told.number
        self._first, self._last = (int(span[1]), int(span[2])) if span else (0, 9999)


def _numbered_by_word(blocks: list[Block]) -> bool:
    return any(_ITEM.match(line.text) and len(pairs_of(line.text)) == 0 for line in _lines(blocks))


def _lines(blocks: list[Block]) -> Iterator[Line]:
    for block in blocks:
        if isinstance(block, Line):
            yield block
        else:
            yield from (line for row in block.rows for cell in row for line in cell)


class _Sorting:
    def __init__(self, *, by_word: bool) -> None:
        self._by_word = by_word
        self._seen: set[int] = set()
        self._out = _Sorted()
        self._open: Item | None = None
        self._category = ""
        self._answers = False
        # Whether the open question has come to its options; looking at all its lines again for each new one is slow.
        self._complete = True

    def over(self, blocks: list[Block]) -> _Sorted:
        for block in blocks:
            if isinstance(block, Line):
                self._line(block)
            else:
                self._grid(block)
        return self._out

    def _line(self, line: Line) -> None:
        if self._open is not None and line.text.startswith(ZERO_WIDTH):
            self._keep(self._open, line)
            return
        text = " ".join(line.text.split())
        pairs = pairs_of(text)
        if len(pairs) > 1 or (pairs and (self._answers or pairs[0][0] in self._seen)):
            self._out.keys.take(pairs)
        elif len(text) < 90 and _ANSWERS.fullmatch(text) and not _STATED.fullmatch(text):
            self._answers, self._open = True, None
        elif (begins := self._begins(line)) is not None:
            self._begin(line, begins)
        elif self._heading(text):
            self._open = None
        elif self._open is not None:
            self._keep(self._open, line)
        elif not self._answers and (text or line.faults):
            self._out.loose.setdefault(len(self._out.items), []).append(line)

    def _begins(self, line: Line) -> re.Match[str] | None:
        if self._by_word:
            return _ITEM.match(line.text)
        found = _BARE_ITEM.match(line.text)
        if found is None or not line.fresh:
            return None
        last = self._out.items[-1].number if self._out.items else 0
        return found if (self._open is None or self._complete) and int(found[1]) == last + 1 else None

    def _begin(self, line: Line, found: re.Match[str]) -> None:
        rest = line.cut(found.end())
        rest.faults, rest.hidden = line.faults, line.hidden
        self._open = Item(int(found[1]), line.number, [], self._category)
        self._complete = False
        self._keep(self._open, rest)
        if self._answers:
            self._out.solutions.add(len(self._out.items))
        self._seen.add(self._open.number)
        self._out.items.append(self._open)

    def _keep(self, item: Item, line: Line) -> None:
        item.body.append(line)
        self._complete = self._complete or bool(_FIRST_OPTION.search(line.text))

    def _heading(self, text: str) -> bool:
        if (self._open is not None and not self._complete) or len(text) > 300:
            return False
        if topic := _TOPIC.fullmatch(text):
            self._category = topic[1].strip()
            return True
        return bool(_PART.fullmatch(text)) or (self._open is not None and bool(text) and bool(_END.fullmatch(text)))

    def _grid(self, grid: Grid) -> None:
        pairs = pairs_of_table([["\n".join(line.text for line in cell) for cell in row] for row in grid.rows])
        lines = [line for row in grid.rows for line in _row_lines(row)]
        if pairs and (self._open is None or self._complete):
            self._out.keys.take(pairs)
        elif any(_ITEM.match(line.text) or _FIRST_OPTION.search(line.text) for line in lines):
            for line in lines:
                self._line(line)
        else:
            for row in grid.rows:
                self._line(_as_text(row, grid.number))


def _row_lines(row: list[list[Line]]) -> list[Line]:
    """A row that lays options out side by side is one line with tabs; longer cells are read one after another."""
    if all(len(cell) <= 1 for cell in row):
        cells = [cell[0] for cell in row if cell]
        return [_side_by_side(cells, "\t")] if cells else []
    return [line for cell in row for line in cell]


def _side_by_side(lines: list[Line], between: str) -> Line:
    text, marks, faults = "", list[frozenset[str]](), list[str]()
    for place, line in enumerate(lines):
        gap = between if place else ""
        text += gap + line.text
        marks += [*([NO_MARKS] * len(gap)), *line.marks]
        faults += line.faults
    return Line(lines[0].number, text, marks, faults, hidden=any(line.hidden for line in lines))


def _as_text(row: list[list[Line]], number: int) -> Line:
    """A row of a table inside a question: cells parted by bars."""
    cells = [_side_by_side(cell, " ") if cell else Line(number, "", [], []) for cell in row]
    if not any(cell.text for cell in cells):
        return Line(number, "", [], [fault for cell in cells for fault in cell.faults])
    return _side_by_side(cells, " | ")
