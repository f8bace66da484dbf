"""Word's own formulas (OMML, ECMA-376 part 1 §22.1) in one line of text: (a + b)/2, √(x), x², ∑_(i=1)^(n).

What has no honest line of text (a matrix, a brace over a sum) raises `ItemRefused`.
"""

from collections.abc import Callable

from orchestrator.exams.bank import ItemRefused
from orchestrator.exams.importing.scripts import lowered, raised
from orchestrator.exams.importing.trees import Node

_SKIPPED = frozenset({"rPr", "ctrlPr", "fPr", "radPr", "sSupPr", "sSubPr", "sSubSupPr", "dPr", "naryPr", "funcPr",
                      "limLowPr", "limUppPr", "oMathParaPr", "accPr", "barPr", "argPr", "boxPr"})  # fmt: skip
_WRAPPERS = frozenset({"oMath", "oMathPara", "r", "e", "num", "den", "sup", "sub", "deg", "fName", "lim", "box", "ins"})
_ACCENTS = {"\u0302": "\u0302", "\u0303": "\u0303", "\u0305": "\u0305", "\u20d7": "\u20d7", "\u0307": "\u0307"}


def in_line(node: Node) -> str:
    """The formula as text. Raises `ItemRefused`."""
    local = node.local
    if local in _SKIPPED or (node.tag.startswith("w:") and local in {"rPr", "bookmarkStart", "bookmarkEnd"}):
        return ""
    if local == "t":
        return node.text()
    if shape := _SHAPES.get(local):
        return shape(node)
    if local in _WRAPPERS:
        return "".join(in_line(child) for child in node.nodes())
    raise ItemRefused(f"có công thức chưa viết được thành chữ ({local[:40]})")


def _part(node: Node, tag: str) -> str:
    part = node.first(f"m:{tag}")
    return in_line(part).strip() if part is not None else ""


def _value(node: Node, properties: str, name: str, default: str) -> str:
    found = node.first(f"m:{properties}")
    told = found.first(f"m:{name}") if found is not None else None
    return told.attributes.get("m:val", "") if told is not None else default


def _grouped(text: str) -> str:
    return text if len(text) == 1 or text.isalnum() else f"({text})"


def _fraction(node: Node) -> str:
    if _value(node, "fPr", "type", "bar") == "noBar":
        raise ItemRefused("có công thức tổ hợp hai tầng chưa viết được thành chữ")
    return f"{_grouped(_part(node, 'num'))}/{_grouped(_part(node, 'den'))}"


def _root(node: Node) -> str:
    degree = _part(node, "deg")
    return f"{raised(degree) if degree else ''}√({_part(node, 'e')})"


def _scripted(node: Node) -> str:
    low, high = _part(node, "sub"), _part(node, "sup")
    base = _part(node, "e")
    written = base if len(base) <= 1 or base.isalnum() else f"({base})"
    return written + (lowered(low) if low else "") + (raised(high) if high else "")


def _bracketed(node: Node) -> str:
    opening, closing = _value(node, "dPr", "begChr", "("), _value(node, "dPr", "endChr", ")")
    between = _value(node, "dPr", "sepChr", "|") or " "
    return opening + between.join(in_line(part).strip() for part in node.nodes("m:e")) + closing


def _large(node: Node) -> str:
    low, high = _part(node, "sub"), _part(node, "sup")
    bounds = (f"_({low})" if low else "") + (f"^({high})" if high else "")
    return f"{_value(node, 'naryPr', 'chr', '∫')}{bounds} {_part(node, 'e')}"


def _applied(node: Node) -> str:
    return f"{_part(node, 'fName')} {_grouped(_part(node, 'e'))}"


def _limited(node: Node) -> str:
    return f"{_part(node, 'e')}_({_part(node, 'lim')})"


def _accented(node: Node) -> str:
    accent, base = _value(node, "accPr", "chr", "\u0302"), _part(node, "e")
    if accent not in _ACCENTS:
        raise ItemRefused("có công thức chưa viết được thành chữ (dấu trên chữ)")
    return "".join(letter + accent for letter in base)


_SHAPES: dict[str, Callable[[Node], str]] = {
    "f": _fraction,
    "rad": _root,
    "sSup": _scripted,
    "sSub": _scripted,
    "sSubSup": _scripted,
    "d": _bracketed,
    "nary": _large,
    "func": _applied,
    "limLow": _limited,
    "acc": _accented,
}
