"""The numbers Word puts before paragraphs by itself (ECMA-376 part 1 §17.9): “Câu 1.”, “A.” stand in no text run."""

import re

import msgspec

from orchestrator.exams.importing.trees import Node
from orchestrator.exams.importing.word_styles import Look, look_of

_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_HIGHEST = 9999


class _Level(msgspec.Struct, frozen=True):
    form: str
    text: str
    start: int
    look: Look


class Numbering:
    """Counts on as the paragraphs are read in order."""

    def __init__(self, root: Node | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._kind: dict[str, str] = {}
        self._restart: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for node in root.nodes() if root is not None else ():
            if node.tag == "w:abstractNum":
                levels = {_number(level.attributes, "w:ilvl"): _level(level) for level in node.nodes("w:lvl")}
                self._levels[node.attributes.get("w:abstractNumId", "")] = levels
            elif node.tag == "w:num":
                self._take(node)

    def _take(self, node: Node) -> None:
        name, kind = node.attributes.get("w:numId", ""), node.first("w:abstractNumId")
        self._kind[name] = kind.attributes.get("w:val", "") if kind is not None else ""
        for override in node.nodes("w:lvlOverride"):
            if (start := override.first("w:startOverride")) is not None:
                level = _number(override.attributes, "w:ilvl")
                self._restart.setdefault(name, {})[level] = _number(start.attributes, "w:val")

    def label(self, place: tuple[str, str] | None) -> tuple[str, Look]:
        """The label of the next paragraph at (list, level), "" for none, and what the level states of its look."""
        if place is None or not place[1].isdecimal():
            return "", {}
        kind, depth = self._kind.get(place[0], ""), int(place[1][:3])
        level = self._levels.get(kind, {}).get(depth)
        if level is None:
            return "", {}
        if level.form == "bullet":
            return "-", level.look
        return self._counted(place[0], kind, depth), level.look

    def _counted(self, name: str, kind: str, depth: int) -> str:
        levels, counts = self._levels[kind], self._counts.setdefault(kind, {})
        for at, start in self._restart.pop(name, {}).items():
            counts[at] = start - 1
        counts[depth] = min(_HIGHEST, counts.get(depth, levels[depth].start - 1) + 1)
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]

        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            of = levels.get(at)
            return _written(counts.get(at, of.start), of.form) if of is not None else ""

        return _PLACE.sub(shown, levels[depth].text)


def _level(node: Node) -> _Level:
    form, text, start = node.first("w:numFmt"), node.first("w:lvlText"), node.first("w:start")
    return _Level(
        form.attributes.get("w:val", "decimal") if form is not None else "decimal",
        text.attributes.get("w:val", "")[:200] if text is not None else "",
        _number(start.attributes, "w:val") if start is not None else 1,
        look_of(node.first("w:rPr")),
    )


def _number(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "0")
    return min(int(value[:6]), _HIGHEST) if value.isascii() and value.isdecimal() else 0


def _written(number: int, form: str) -> str:
    if form in ("upperLetter", "lowerLetter"):
        place = max(0, number - 1)
        letters = chr(ord("A") + place % 26) * min(1 + place // 26, 5)
        return letters if form == "upperLetter" else letters.lower()
    if form in ("upperRoman", "lowerRoman"):
        letters = _roman(number)
        return letters.upper() if form == "upperRoman" else letters
    return "" if form == "none" else str(number)


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        written += letters * (number // value)
        number %= value
    return written
