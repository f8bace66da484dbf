"""Reads Moodle's GIFT text format: single choice and true/false; everything else is refused with line and reason.

Format: https://docs.moodle.org/en/GIFT_format. A backslash before ~ = # { } : or itself makes it plain text, `\\n` is a
line break; items are parted by blank lines; `//` lines are comments; `$CATEGORY:` holds for what follows.
"""

import base64
import re
from collections.abc import Iterator

import msgspec

from orchestrator.exams.bank import MAX_IMAGES, ItemRefused, Parsed, Question, Refusal, checked
from orchestrator.exams.importing.gallery import SIGNS, Gallery

MOST_ITEMS = 10_000
MOST_CHOICES = 100
LONGEST_ITEM = 300
"""Lines that are looked through for the brace that closes an item."""
TRUE_FALSE = ("Đúng", "Sai")

# Escaped signs wait as Unicode noncharacters, which no text may contain, while the structure is read.
_SIGNS = "~=#{}:\\n"
_HIDDEN = {sign: chr(0xFDD0 + place) for place, sign in enumerate(_SIGNS)}
_SHOWN = str.maketrans({hidden: "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()})
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_TITLE = re.compile(r"::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_TRUTH = re.compile(r"(TRUE|T|FALSE|F)\s*(#.*)?", re.IGNORECASE | re.DOTALL)
_WEIGHT = re.compile(r"%(-?\d+(?:\.\d*)?)%")
_OPENED = re.compile(r"<(?:img|object|embed|svg|video|audio)\b", re.IGNORECASE)
_SOURCE = re.compile(r"\s(?:src|data)\s?=\s?[\"']([^\"']*)[\"']", re.IGNORECASE)
_MARKDOWN = re.compile(r"!\[[^\]\n]{0,200}\]\(([^)\s]*)[^)]{0,200}\)")
_EMBEDDED = re.compile(r"data:image/(?:png|jpe?g);base64,([A-Za-z0-9+/=\s]*)", re.IGNORECASE)
_CATEGORY = "$CATEGORY:"


class _Block(msgspec.Struct, frozen=True):
    line: int
    text: str
    category: str


class _Choice(msgspec.Struct, frozen=True):
    marked_right: bool
    weight: float | None
    text: str


def parse_gift(text: str) -> Parsed:
    """All questions of a GIFT file, and all refusals; never raises."""
    questions: list[Question] = []
    refused: list[Refusal] = []
    gallery = Gallery()
    for block in _blocks(SIGNS.sub("\ufffd", text)):
        if len(questions) + len(refused) >= MOST_ITEMS:
            refused.append(Refusal(block.line, f"tệp có quá {MOST_ITEMS} câu: phần còn lại không được đọc"))
            break
        try:
            questions.append(gallery.placed(checked(_pictured(_question(block), gallery))))
        except ItemRefused as reason:
            refused.append(Refusal(block.line, str(reason)))
    return Parsed(tuple(questions), tuple(refused))


# --- items of a file ---------------------------------------------------------------------------------------------


def _blocks(text: str) -> Iterator[_Block]:
    lines = [_ESCAPE.sub(lambda found: _HIDDEN[found[1]], line.rstrip("\r")) for line in text.split("\n")]
    category, start = "", 0
    while start < len(lines):
        line = lines[start].strip()
        if line.startswith(_CATEGORY):
            category = line.removeprefix(_CATEGORY).strip().translate(_SHOWN)
            start += 1
        elif not line or line.startswith("//"):
            start += 1
        else:
            end = _end_of_item(lines, start)
            kept = [line for line in lines[start:end] if not line.lstrip().startswith("//")]
            yield _Block(start + 1, "\n".join(kept), category)
            start = end


def _end_of_item(lines: list[str], start: int) -> int:
    """The line after the item: the first blank one outside braces. If its brace never closes before the next title or
    the end of the file, the first blank line at all, so that one fault does not swallow what follows."""
    depth, first_blank = 0, min(len(lines), start + LONGEST_ITEM)
    last = min(len(lines), start + LONGEST_ITEM)
    for place in range(start, last):
        line = lines[place].strip()
        if line.startswith("//"):
            continue
        if not line:
            if depth <= 0:
                return place
            first_blank = min(first_blank, place)
        elif place > first_blank and line.startswith(("::", _CATEGORY)):
            return first_blank
        depth += line.count("{") - line.count("}")
    return last if depth <= 0 else first_blank


# --- one item ----------------------------------------------------------------------------------------------------


def _question(block: _Block) -> Question:
    rest, title = block.text.strip(), ""
    if found := _TITLE.match(rest):
        title, rest = found[1].strip().translate(_SHOWN), rest[found.end() :].lstrip()
    text_format, rest = _take_format(rest, "moodle")
    before, answers, after = _parts(rest)
    stem = f"{before.rstrip()} _____ {after.lstrip()}" if after.strip() else before
    options, right = _answers(answers, text_format)
    pinned = tuple(range(2)) if options == TRUE_FALSE else ()
    return Question(block.line, title, block.category, text_format, _clean(stem, text_format), options, right, pinned)


def _pictured(question: Question, gallery: Gallery) -> Question:
    """The question with embedded images (`data:image/png;base64,…`) as the gallery's signs; a reference to a file that
    is not here is refused, wherever it stands."""
    if question.format == "plain":
        return question

    options = tuple(_with_signs(option, gallery) for option in question.options)
    return msgspec.structs.replace(question, text=_with_signs(question.text, gallery), options=options)


def _with_signs(text: str, gallery: Gallery) -> str:
    pieces, at, looked = list[str](), 0, 0
    while looked <= MAX_IMAGES and (opened := _OPENED.search(text, at)):
        looked += 1
        end = text.find(">", opened.end()) + 1 or len(text)
        source = _SOURCE.search(text, opened.end() - 1, end)
        pieces += (text[at : opened.start()], _sign(source[1] if source else opened[0], gallery))
        at = end
    pieces.append(text[at:])
    whole = "".join(pieces)
    if whole.count("![") > MAX_IMAGES:
        raise ItemRefused(f"quá {MAX_IMAGES} hình")
    return _MARKDOWN.sub(lambda found: _sign(found[1], gallery), whole)


def _sign(source: str, gallery: Gallery) -> str:
    embedded = _EMBEDDED.fullmatch(source.strip())
    if embedded is None:
        raise ItemRefused(
            f"có hình ở tệp khác ({source.strip()[:60]}), không nằm trong tệp GIFT: hãy nhập bằng Word hoặc nhúng hình"
        )
    try:
        content = base64.b64decode(re.sub(r"\s", "", embedded[1]), validate=True)
    except ValueError as fault:
        raise ItemRefused("hình nhúng bị hỏng (base64)") from fault
    return gallery.sign(content)


def _parts(rest: str) -> tuple[str, str, str]:
    before, opened, behind = rest.partition("{")
    answers, closed, after = behind.partition("}")
    if not opened:
        raise ItemRefused("đây là đoạn mô tả, không có phần trả lời trong { }")
    if not closed:
        raise ItemRefused("thiếu dấu đóng }")
    if "{" in answers or "{" in after or "}" in after:
        raise ItemRefused("có hơn một phần trả lời { }, hoặc dấu { } chưa viết là \\{ \\}")
    return before, answers, after


def _take_format(text: str, default: str) -> tuple[str, str]:
    if found := _FORMAT.match(text):
        return found[1].lower(), text[found.end() :].lstrip()
    return default, text


def _clean(text: str, text_format: str) -> str:
    if text_format in ("moodle", "plain"):
        text = " ".join(line.strip() for line in text.split("\n"))
    return text.strip().translate(_SHOWN)


def _answers(answers: str, text_format: str) -> tuple[tuple[str, ...], int]:
    body = answers.partition("####")[0].strip()
    if not body:
        raise ItemRefused("câu tự luận chưa được nhận (chỉ nhận một lựa chọn đúng)")
    if body.startswith("#"):
        raise ItemRefused("câu trả lời bằng số chưa được nhận (chỉ nhận một lựa chọn đúng)")
    if found := _TRUTH.fullmatch(body):
        return TRUE_FALSE, 0 if found[1].upper().startswith("T") else 1
    choices = _choices(body, text_format)
    _refuse_other_kinds(choices)
    right = [place for place, choice in enumerate(choices) if _is_right(choice)]
    if len(right) != 1:
        raise ItemRefused(f"cần đúng một phương án đúng, ở đây có {len(right)}")
    return tuple(choice.text for choice in choices), right[0]


def _choices(body: str, text_format: str) -> list[_Choice]:
    if body[0] not in "~=":
        raise ItemRefused("phương án phải bắt đầu bằng = hoặc ~")
    if body.count("~") + body.count("=") > MOST_CHOICES:
        raise ItemRefused(f"quá {MOST_CHOICES} phương án")
    choices = []
    for mark, written in re.findall(r"([~=])([^~=]*)", body):
        rest, weight = written.strip(), None
        if found := _WEIGHT.match(rest):
            weight, rest = float(found[1]), rest[found.end() :].lstrip()
        own_format, rest = _take_format(rest, text_format)
        choices.append(_Choice(mark == "=", weight, _clean(rest.partition("#")[0], own_format)))
    return choices


def _refuse_other_kinds(choices: list[_Choice]) -> None:
    if all(choice.marked_right for choice in choices):
        if all("->" in choice.text for choice in choices):
            raise ItemRefused("câu ghép đôi chưa được nhận (chỉ nhận một lựa chọn đúng)")
        raise ItemRefused("câu trả lời ngắn chưa được nhận (chỉ nhận một lựa chọn đúng)")
    if any(choice.weight not in (None, 0.0, 100.0) for choice in choices):
        raise ItemRefused("câu nhiều lựa chọn tính điểm phần trăm chưa được nhận (chỉ nhận một lựa chọn đúng)")


def _is_right(choice: _Choice) -> bool:
    return choice.marked_right if choice.weight is None else choice.weight == 100.0
