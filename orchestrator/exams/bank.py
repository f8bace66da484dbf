"""Questions as they come into the bank: single choice, with the reason for each one that is refused."""

import hashlib
import re
from enum import StrEnum
from html.parser import HTMLParser

import msgspec

from wire.paper import IMAGE_MARK

MAX_TEXT = 8000
"""Longest stem or option, characters."""
MAX_OPTIONS = 10
MAX_TAGS = 400
"""Signs < in one HTML text: html.parser takes time by the square of the tags that never close."""

MAX_IMAGES = 8
"""Images of one question."""

_TRUTHS = ({"đúng", "sai"}, {"true", "false"})
_TAIL_OPTION = re.compile(
    r"^\W*(tất cả|cả (hai|ba|bốn|năm|các|[2-5]) |(các|[23] ) ?(phương án|đáp án|ý|câu)( [^.]{1,12})? trên"
    r"|không (có )?(phương án|đáp án|ý|câu|trường hợp) nào|(all|none|both) of (the above|these))\b",
    re.IGNORECASE,
)
_NAMES_LETTERS = re.compile(r"(?<!\w)[A-H]\s*(,|và|hoặc|and|or|&|\+)\s*[A-H](?!\w)")
_BLOCK_TAGS = frozenset({"p", "br", "div", "li", "tr", "pre", "ul", "ol"})


class Image(msgspec.Struct, frozen=True):
    """A PNG or JPEG image that has been checked and re-encoded; `digest` is the SHA-256 of `content` in hex."""

    digest: str
    media: str
    width: int
    height: int
    content: bytes


class Question(msgspec.Struct, frozen=True):
    """A single-choice question. `right` and `pinned` are places in `options`; pinned options are never shuffled.

    `images` stand where the text or an option says `[Hình 1]`, `[Hình 2]`, …; a table is lines of cells parted by
    ` | `."""

    line: int
    title: str
    category: str
    format: str
    text: str
    options: tuple[str, ...]
    right: int
    pinned: tuple[int, ...] = ()
    images: tuple[Image, ...] = ()

    @property
    def letter(self) -> str:
        """The right option's letter in the author's order."""
        return "ABCDEFGHIJ"[self.right]


class Refusal(msgspec.Struct, frozen=True):
    """An item that did not become a question: the line it begins on (from 1) and why."""

    line: int
    reason: str


class RemarkKind(StrEnum):
    """What a remark is about."""

    LEFT_OUT = "left_out"
    NO_IMAGE = "no_image"
    LOOSE_TAIL = "loose_tail"
    ALIKE_OPTIONS = "alike_options"
    ALIKE_QUESTIONS = "alike_questions"
    NOT_COMPARED = "not_compared"


class Remark(msgspec.Struct, frozen=True):
    """Something an author should look at, in an item that was taken all the same. `other`: the line of the item it is
    nearly the same as, 0 where there is none in this file."""

    line: int
    kind: RemarkKind
    reason: str
    other: int = 0


class Parsed(msgspec.Struct, frozen=True):
    """Everything a file held, in its order. `source`: the format it was read as."""

    questions: tuple[Question, ...]
    refused: tuple[Refusal, ...]
    remarks: tuple[Remark, ...] = ()
    source: str = ""


class ItemRefused(ValueError):
    """Why one item of a file cannot be taken."""


def checked(question: Question) -> Question:
    """The question itself, with its pinned options found; raises `ItemRefused` when it cannot be asked."""
    if not question.text.strip():
        raise ItemRefused("câu hỏi không có nội dung")
    if len(question.options) < 2:
        raise ItemRefused("cần ít nhất hai phương án")
    if len(question.options) > MAX_OPTIONS:
        raise ItemRefused(f"quá {MAX_OPTIONS} phương án")
    if any(not option.strip() for option in question.options):
        raise ItemRefused("có phương án để trống")
    if len(set(question.options)) != len(question.options):
        raise ItemRefused("hai phương án giống hệt nhau")
    if max(len(text) for text in (question.text, *question.options)) > MAX_TEXT:
        raise ItemRefused(f"nội dung dài quá {MAX_TEXT} ký tự")
    if question.format == "html" and max(text.count("<") for text in (question.text, *question.options)) > MAX_TAGS:
        raise ItemRefused(f"quá {MAX_TAGS} thẻ HTML")
    if len(question.images) > MAX_IMAGES:
        raise ItemRefused(f"quá {MAX_IMAGES} hình")
    return marked(msgspec.structs.replace(question, pinned=question.pinned or pinned_places(question.options)))


def marked(question: Question) -> Question:
    """The question with its images numbered as they come in the text and the options; one without a mark stands below
    the text."""
    if not question.images:
        return question
    count = len(question.images)
    # An image that comes twice is the same one with two marks.
    digests = [image.digest for image in question.images]
    first = [digests.index(digest) for digest in digests]
    whole = "\n".join((question.text, *question.options))
    told = (int(mark[1]) for mark in IMAGE_MARK.finditer(whole))
    order = list(dict.fromkeys(first[number - 1] for number in told if 1 <= number <= count))
    missing = [place for place in dict.fromkeys(first) if place not in order]
    numbers = {place: number for number, place in enumerate((*order, *missing), 1)}

    def renumbered(text: str) -> str:
        return IMAGE_MARK.sub(
            lambda mark: f"[Hình {numbers[first[int(mark[1]) - 1]]}]" if 1 <= int(mark[1]) <= count else mark[0], text
        )

    below = "".join(f"\n[Hình {numbers[place]}]" for place in missing)
    return msgspec.structs.replace(
        question,
        text=renumbered(question.text) + below,
        options=tuple(renumbered(option) for option in question.options),
        images=tuple(question.images[place] for place in (*order, *missing)),
    )


def pinned_places(options: tuple[str, ...]) -> tuple[int, ...]:
    """Options that lose their sense when moved: all, if one of them names letters (“cả A và B”); else the last ones
    that speak of the others (“tất cả các phương án trên”). True and false keep their order too."""
    if len(options) == 2 and {option.strip().casefold() for option in options} in _TRUTHS:
        return (0, 1)
    if any(_NAMES_LETTERS.search(option) for option in options):
        return tuple(range(len(options)))
    places = []
    for place in reversed(range(len(options))):
        if not _TAIL_OPTION.match(options[place]):
            break
        places.append(place)
    return tuple(reversed(places))


def speaks_of_others(option: str) -> bool:
    """Whether an option has its sense only below the others (“tất cả các phương án trên”)."""
    return bool(_TAIL_OPTION.match(option))


def digest(question: Question) -> bytes:
    """What makes two questions the same: stem, images and set of options, not title, order or key."""
    text, *options = (_with_digests(one, question.images) for one in (question.text, *question.options))
    return hashlib.sha256(msgspec.msgpack.encode([text, sorted(options)])).digest()


def _with_digests(text: str, images: tuple[Image, ...]) -> str:
    def named(mark: re.Match[str]) -> str:
        place = int(mark[1]) - 1
        return f"[{images[place].digest}]" if 0 <= place < len(images) else mark[0]

    return IMAGE_MARK.sub(named, text) if images else text


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _BLOCK_TAGS:
            self.parts.append("\n")


def shown(text: str, text_format: str) -> str:
    """The text as a paper carries it: HTML loses its tags, so that nothing a file held can run in a page."""
    if text_format != "html":
        return text
    reader = _Plain()
    # html.parser stops with an AssertionError at a marked section it does not know.
    reader.feed(text.replace("<![", "&lt;!["))
    reader.close()
    return re.sub(r"\n\s*\n+", "\n", "".join(reader.parts)).strip()
