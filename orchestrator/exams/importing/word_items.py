"""One question from the lines a teacher wrote for it: stem, options, and which option is marked as the right one."""

import re

import msgspec

from orchestrator.exams.bank import ItemRefused, Question, checked, pinned_places
from orchestrator.exams.importing.word_lines import Line

LETTERS = "ABCDEFGHIJ"
ZERO_WIDTH = "\u200b"
"""Our own writer puts it before words that only look like a label, and before a line that goes on with the one above;
it is taken out of every text."""

_LABEL = re.compile(r"(?:^|\t)(?:[*✓✔] ?)?\(?([A-J]) ?[.):/](?!\w*://)")
_SMALL_LABEL = re.compile(r"^[a-d]\)")
_STATED = re.compile(
    r"(?:đáp án(?: đúng)?|đ/?a|answer|key|chọn(?: đáp án)?) ?[:.–-]? ?([A-J])(?:[.):\s].*)?", re.IGNORECASE
)
_PINS = re.compile(r"ghim ?: ?([A-J](?: ?[,;] ?[A-J])*)", re.IGNORECASE)
_SOLUTION = re.compile(r"(lời giải|hướng dẫn|giải thích|hd giải|giải chi tiết)\b", re.IGNORECASE)
_IN_SOLUTION = re.compile(r"\b[Cc]họn (?:đáp án |phương án |câu )?([A-J])(?!\w)")
_MEANS_LOOK = re.compile(
    r"gạch (chân|dưới)|in (đậm|nghiêng|hoa đậm)|tô (đậm|màu)|chữ (đậm|nghiêng)|underlined|bold|italic", re.IGNORECASE
)
_KINDS = ("underline", "fill", "colour", "bold")
"""What may mark the right option, the surest first."""


class Item(msgspec.Struct):
    """The lines of one question: `number` as written, `body` without the label “Câu n.”."""

    number: int
    line: int
    body: list[Line]
    category: str = ""


class Made(msgspec.Struct, frozen=True):
    """A question, or why there is none; `trailing` are lines after its last option that are not its own; `notes` is
    what was left out of it."""

    question: Question | None
    reason: str
    trailing: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    options: int = 0


class _Option(msgspec.Struct):
    letter: str
    label: Line
    starred: bool
    parts: list[Line]

    def text(self) -> str:
        return _joined(self.parts)


class _Read(msgspec.Struct):
    stem: list[Line] = msgspec.field(default_factory=list)
    options: list[_Option] = msgspec.field(default_factory=list)
    trailing: list[Line] = msgspec.field(default_factory=list)
    stated: set[str] = msgspec.field(default_factory=set)
    pins: str = ""
    solution: bool = False
    faults: list[str] = msgspec.field(default_factory=list)


def made(item: Item, key: str | None) -> Made:
    """The question of the lines. `key` is the letter an answer table gives it."""
    read = _Read()
    for line in item.body:
        _take(read, line)
    _settle(read)
    trailing = tuple(read.trailing)
    try:
        question, notes = _question(item, read, key)
    except ItemRefused as reason:
        return Made(None, str(reason), trailing, options=len(read.options))
    return Made(question, "", trailing, notes, len(read.options))


# --- lines -------------------------------------------------------------------------------------------------------


def _take(read: _Read, line: Line) -> None:
    plain = " ".join(line.text.split())
    if plain.startswith(ZERO_WIDTH):
        (read.options[-1].parts if read.options else read.stem).append(line)
    elif read.options and _told(read, plain):
        return
    elif _labelled(read, line):
        read.faults += line.faults
    elif plain or line.faults or not read.options:
        _continued(read, line)


def _told(read: _Read, plain: str) -> bool:
    """Whether a line after the options is no part of them: a solution, “Đáp án: B”, or “Ghim: D”."""
    if read.solution or _SOLUTION.match(plain):
        read.solution = True
        read.stated.update(found[1] for found in _IN_SOLUTION.finditer(plain))
    elif found := _STATED.fullmatch(plain):
        read.stated.add(found[1].upper())
    elif found := _PINS.fullmatch(plain):
        read.pins = found[1].upper()
    else:
        return False
    return True


def _continued(read: _Read, line: Line) -> None:
    """A line without a label goes on with the stem or the option before it; after the last option it may be a stray."""
    _settle(read)
    if len(read.options) >= 2 and (line.fresh or read.trailing):
        read.trailing.append(line)
        return
    read.faults += line.faults
    if read.options:
        read.options[-1].parts.append(line)
    else:
        _stem(read, line)


def _labelled(read: _Read, line: Line) -> bool:
    """Take the options of a line that begins with one or has one after a tab."""
    first = _LABEL.match(line.text)
    if first and read.options and first[1] != _next(read):
        # “A. một B. hai” above, “C. ba D. bốn” here.
        _settle(read)
    starts: list[re.Match[str]] = []
    for label in _LABEL.finditer(line.text):
        if label[1] == _next(read, len(starts)):
            starts.append(label)
    if first and read.options and first not in starts and not (starts and starts[0].start() == 0):
        seen = "viết hai lần" if first[1] in {option.letter for option in read.options} else "không theo thứ tự"
        read.faults.append(f"phương án {first[1]} {seen}")
    if not starts:
        return False
    before = line.cut(0, starts[0].start())
    if before.text or read.options:
        _belonging(read, before)
    for label, after in zip(starts, [*starts[1:], None], strict=True):
        written = line.cut(label.end(), after.start() if after else None)
        where = label.start(1)
        mark = Line(line.number, label[1], line.marks[where : where + 1], [])
        read.options.append(_Option(label[1], mark, label[0].strip("\t (")[:1] in "*✓✔", [written]))
    return True


def _next(read: _Read, more: int = 0) -> str:
    place = len(read.options) + more
    return LETTERS[place] if place < len(LETTERS) else ""


def _belonging(read: _Read, before: Line) -> None:
    """What stands before a new label belongs to the option before it, or to the stem."""
    target = read.options[-1].parts if read.options else read.stem
    for loose in read.trailing:
        target.append(loose)
        read.faults += loose.faults
    read.trailing = []
    if before.text:
        target.append(before)


def _settle(read: _Read) -> None:
    """“A. một B. hai C. ba” on one line: labels after a single space count only when no line begins with them."""
    while read.options and read.options[-1].letter < "D":
        last = read.options[-1]
        rest = _cut_off(last.parts, _next(read))
        if rest is None:
            return
        read.options.append(rest)


def _cut_off(parts: list[Line], letter: str) -> _Option | None:
    last = parts[-1]
    found = re.search(rf"\s\(?({letter})[.)](?=\s)", last.text)
    if found is None:
        return None
    mark = Line(last.number, letter, last.marks[found.start(1) : found.end(1)], [])
    parts[-1] = last.cut(0, found.start())
    return _Option(letter, mark, False, [last.cut(found.end())])


def _stem(read: _Read, line: Line) -> None:
    """A line of the stem, which may go on with all its options after single spaces."""
    read.stem.append(line)
    found = re.search(r"\sA[.)]\s", line.text)
    if found and re.search(r"\sB[.)]\s", line.text[found.end() :]) and (option := _cut_off(read.stem, "A")):
        read.options.append(option)
        _settle(read)


# --- the question ------------------------------------------------------------------------------------------------


def _question(item: Item, read: _Read, key: str | None) -> tuple[Question, tuple[str, ...]]:
    if read.faults:
        raise ItemRefused(read.faults[0])
    if not read.options:
        small = any(_SMALL_LABEL.match(line.text) for line in read.stem)
        kind = "câu đúng/sai nhiều ý" if small else "câu tự luận hoặc trả lời ngắn (không có phương án A, B…)"
        raise ItemRefused(f"{kind} chưa được nhận (chỉ nhận một lựa chọn đúng)")
    options = tuple(option.text() for option in read.options)
    right = _right(read, key)
    pinned = _pinned(read.pins, options)
    text = _joined(read.stem)
    notes = _notes(read, text)
    question = Question(item.line, f"Câu {item.number}", item.category, "plain", text, options, right, pinned)
    return checked(question), notes


def stated_in(item: Item) -> set[str]:
    """The letters a worked solution ends in: “Chọn B.”"""
    return {found[1] for line in item.body for found in _IN_SOLUTION.finditer(line.text)}


def _pinned(pins: str, options: tuple[str, ...]) -> tuple[int, ...]:
    places = tuple(sorted({LETTERS.index(letter) for letter in re.findall("[A-J]", pins)}))
    if places and places[-1] >= len(options):
        raise ItemRefused(f"ghim phương án {LETTERS[places[-1]]} không có")
    return places or pinned_places(options)


def _right(read: _Read, key: str | None) -> int:
    letters = [option.letter for option in read.options]
    told = read.stated | ({key} if key else set())
    starred = {option.letter for option in read.options if option.starred}
    marked = _marked(read.options, sure=bool(told or starred))
    votes = told | starred | marked
    if not votes:
        raise ItemRefused("thiếu đáp án: không phương án nào được gạch chân, in đậm, tô màu, và không có bảng đáp án")
    if len(votes) > 1:
        raise ItemRefused(f"đáp án không rõ: có dấu hiệu cho cả {' và '.join(sorted(votes))}")
    letter = votes.pop()
    if letter not in letters:
        raise ItemRefused(f"đáp án {letter} không chỉ vào phương án nào")
    return letters.index(letter)


def _marked(options: list[_Option], *, sure: bool) -> set[str]:
    """Options set apart by their look. The surest kind of mark decides; a weaker one that names another single option
    speaks against it. With the key stated in words (`sure`), marks on several options mean nothing."""
    votes: set[str] = set()
    looks = {option.letter: _looks(option) for option in options}
    for kind in _KINDS:
        several: set[str] = set()
        for mark in {mark for look in looks.values() for mark in look if mark.split(" ")[0] == kind}:
            with_it = {letter for letter, look in looks.items() if mark in look}
            if len(with_it) == 1 and len(options) > 1:
                votes |= with_it
            elif len(with_it) < len(options) - (kind in ("colour", "fill")):
                several |= with_it
        if several and not votes and not sure:
            raise ItemRefused(f"nhiều phương án được đánh dấu ({', '.join(sorted(several))}), chỉ nhận một đáp án đúng")
    return votes


def _looks(option: _Option) -> set[str]:
    """Marks on the label, or on every letter of the text."""
    looks = set(option.label.marks[0]) if option.label.marks else set()
    return looks | _over_all(option.parts)


def _over_all(lines: list[Line]) -> set[str]:
    everywhere: set[str] | None = None
    for line in lines:
        for letter, marks in zip(line.text, line.marks, strict=True):
            if not letter.isspace():
                everywhere = set(marks) if everywhere is None else everywhere & marks
    return everywhere or set()


def _notes(read: _Read, stem: str) -> tuple[str, ...]:
    """What of the look is lost, told; refuses where the question speaks of it."""
    parts = [read.stem, *(option.parts for option in read.options)]
    partial = [_partly(lines) for lines in parts]
    if any(partial) and _MEANS_LOOK.search(stem):
        raise ItemRefused("câu hỏi nói đến chữ gạch chân, in đậm…, mà đề chỉ giữ được chữ thường")
    if sum("underline" in marks for marks in partial[1:]) >= 2:
        raise ItemRefused("các phương án gạch chân một phần từ, mà đề chỉ giữ được chữ thường")
    notes = []
    if any(partial):
        notes.append("chữ nhấn mạnh (đậm, gạch chân, nghiêng, màu) thành chữ thường")
    if any(line.hidden for lines in parts for line in lines):
        notes.append("chữ ẩn trong tệp Word không được đưa vào")
    if read.solution:
        notes.append("lời giải không được đưa vào")
    return tuple(notes)


def _partly(lines: list[Line]) -> set[str]:
    somewhere = {
        mark.split(" ")[0]
        for line in lines
        for look in {id(look): look for look in line.marks}.values()
        for mark in look
    }
    return somewhere - {mark.split(" ")[0] for mark in _over_all(lines)}


def _joined(lines: list[Line]) -> str:
    text = "\n".join(line.text.replace("\t", " ").strip() for line in lines)
    return re.sub(r"\n{2,}", "\n", text).strip().replace(ZERO_WIDTH, "")
