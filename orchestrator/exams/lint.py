"""What an author should look at again before an exam: pure, and bounded however large the bank is."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from orchestrator.exams.bank import Parsed, Question, Refusal, Remark, RemarkKind, shown, speaks_of_others
from wire.paper import IMAGE_MARK

ALIKE = 80
"""Two questions are near-duplicates from this share of common words on, percent (Jaccard: common to all)."""
MOST_COMPARED = 200_000
"""Pairs that are looked at; what is left is told, not left out in silence."""
MOST_WORDS = 400
"""Words of one question that are compared."""

_SPEAKS_OF_IMAGE = re.compile(
    r"\b(hình (vẽ|bên|dưới|sau|trên)|biểu đồ (bên|dưới|sau|trên)|trong hình)\b", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_SIGNS = re.compile(r"[\W_]+")


class Known(msgspec.Struct, frozen=True):
    """A question the bank already has."""

    name: str
    text: str
    options: tuple[str, ...]


class _Entry(msgspec.Struct, frozen=True):
    title: str
    name: str
    line: int
    words: frozenset[str]


def lint(questions: Sequence[Question], known: Sequence[Known] = (), most: int = MOST_COMPARED) -> tuple[Remark, ...]:
    """Remarks on the questions by line: options alike but for signs or capitals, “tất cả các đáp án trên” that may be
    shuffled away from its place, and questions nearly the same as another of them or of the bank (`known`), found by
    looking at no more than `most` pairs.

    A missing key or equal options never come so far: the readers refuse them."""
    remarks = [remark for question in questions for remark in (*_options(question), *_images(question))]
    remarks += _alike(questions, known, most)
    return tuple(sorted(remarks, key=lambda remark: remark.line))


def remarks_on_taken(parsed: Parsed, linted: Sequence[Remark], repeated: Sequence[Refusal]) -> list[Remark]:
    """The readers' and the lint's remarks by line; of a question refused as already there, none."""
    gone = {refusal.line for refusal in repeated}
    return sorted((one for one in (*parsed.remarks, *linted) if one.line not in gone), key=lambda one: one.line)


def _options(question: Question) -> list[Remark]:
    remarks = []
    name = f"{question.title[:40]}: " if question.title else ""
    seen: dict[str, int] = {}
    for place, option in enumerate(question.options):
        letter = "ABCDEFGHIJ"[place]
        bare = _SIGNS.sub(" ", option.casefold()).strip()
        if bare and place != seen.setdefault(bare, place):
            other = "ABCDEFGHIJ"[seen[bare]]
            reason = f"{name}phương án {other} và {letter} chỉ khác nhau chữ hoa hoặc dấu câu: “{option[:60]}”"
            remarks.append(Remark(question.line, RemarkKind.ALIKE_OPTIONS, reason))
        if speaks_of_others(option) and place not in question.pinned:
            reason = f"{name}phương án {letter} “{option[:60]}” nói đến các phương án khác mà chưa được ghim"
            remarks.append(Remark(question.line, RemarkKind.LOOSE_TAIL, reason))
    return remarks


def _images(question: Question) -> list[Remark]:
    """Marks of images that are not there, and words that speak of an image where there is none."""
    whole = "\n".join((question.text, *question.options))
    gone = [mark[0] for mark in IMAGE_MARK.finditer(whole) if not 1 <= int(mark[1]) <= len(question.images)]
    name = f"{question.title[:40]}: " if question.title else ""
    if gone:
        return [Remark(question.line, RemarkKind.NO_IMAGE, f"{name}{gone[0]} không có hình đi kèm")]
    if not question.images and (found := _SPEAKS_OF_IMAGE.search(whole)):
        return [Remark(question.line, RemarkKind.NO_IMAGE, f"{name}nói đến “{found[0]}” mà không có hình")]
    return []


def _alike(questions: Sequence[Question], known: Sequence[Known], left: int) -> list[Remark]:
    """Pairs found by their rarest words: two sets with Jaccard ≥ t share one of the first n − ⌈t·n⌉ + 1 words of
    each, in any one order (prefix filtering)."""
    entries = [_Entry("", f"“{one.text[:60]}” trong ngân hàng", 0, _words(one.text, one.options)) for one in known]
    first_new = len(entries)
    entries += [_entry(one) for one in questions]
    often = Counter(word for entry in entries for word in entry.words)
    holders: dict[str, list[int]] = defaultdict(list)
    remarks: list[Remark] = []
    for place, entry in enumerate(entries):
        rare = sorted(entry.words, key=lambda word: (often[word], word))[: _prefix(len(entry.words))]
        if place >= first_new:
            others: set[int] = set()
            for word in rare:
                others.update(holders[word][: max(0, left - len(others))])
            left -= len(others)
            twin = next((entries[at] for at in sorted(others) if _same(entry.words, entries[at].words)), None)
            if twin is not None:
                remarks.append(
                    Remark(entry.line, RemarkKind.ALIKE_QUESTIONS, f"{entry.title}gần giống {twin.name}", twin.line)
                )
            if left <= 0:
                reason = "quá nhiều câu na ná nhau: từ câu này trở đi không so trùng nữa"
                return [*remarks, Remark(entry.line, RemarkKind.NOT_COMPARED, reason)]
        for word in rare:
            holders[word].append(place)
    return remarks


def _entry(question: Question) -> _Entry:
    title = f"{question.title[:40]}: " if question.title else ""
    options = [shown(option, question.format) for option in question.options]
    words = _words(shown(question.text, question.format), options)
    return _Entry(title, f"{title.removesuffix(': ') or 'câu'} ở dòng {question.line}", question.line, words)


def _words(text: str, options: Sequence[str]) -> frozenset[str]:
    whole = f"{text} {' '.join(options)}"[: MOST_WORDS * 20].casefold()
    return frozenset(_WORD.findall(whole)[:MOST_WORDS])


def _prefix(size: int) -> int:
    return size - (size * ALIKE + 99) // 100 + 1


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    return common > 0 and common * 100 >= ALIKE * (len(one) + len(other) - common)
