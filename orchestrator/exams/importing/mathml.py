"""Presentation MathML (W3C MathML 3 §3) in one line of text, as Word's formulas are written: (a + b)/2, √(x), x².

What has no honest line of text (a matrix, stacked signs) raises `ItemRefused`.
"""

from collections.abc import Callable

from orchestrator.exams.bank import ItemRefused
from orchestrator.exams.importing.scripts import lowered, raised
from orchestrator.exams.importing.trees import Node

_ROWS = frozenset({"math", "mrow", "mstyle", "mpadded", "semantics"})
_SIGNS = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_APART = frozenset("+−=<>≤≥≠×·:±≈⇒⇔∈")
_SKIPPED = frozenset({"annotation", "annotation-xml", "mphantom"})


def math_in_line(node: Node) -> str:
    """The formula as text. Raises `ItemRefused`."""
    name = node.local
    if name in _SKIPPED:
        return ""
    if name in _SIGNS:
        return _sign(name, " ".join(node.text().split()))
    if name in _ROWS:
        return " ".join("".join(math_in_line(child) for child in node.nodes()).split(" "))
    if name == "mspace":
        return " "
    if shape := _SHAPES.get(name):
        return shape(node)
    raise ItemRefused(f"có công thức chưa viết được thành chữ ({name[:40]}, dòng {node.line})")


def _sign(name: str, text: str) -> str:
    text = text.replace("\u2061", "").replace("\u2062", "")
    if name == "mo" and text == "-":
        text = "−"
    return f" {text} " if name == "mo" and text in _APART else text


def _parts(node: Node, count: int) -> list[str]:
    parts = [" ".join(math_in_line(child).split()) for child in node.nodes()]
    if len(parts) != count:
        raise ItemRefused(f"có công thức viết sai ({node.local[:40]}, dòng {node.line})")
    return parts


def _grouped(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _fraction(node: Node) -> str:
    over, under = _parts(node, 2)
    if node.attributes.get("linethickness", "1").strip() in ("0", "0pt", "0px", "0em"):
        raise ItemRefused("có công thức tổ hợp hai tầng chưa viết được thành chữ")
    return f"{_grouped(over)}/{_grouped(under)}"


def _square_root(node: Node) -> str:
    return f"√({' '.join(''.join(math_in_line(child) for child in node.nodes()).split())})"


def _root(node: Node) -> str:
    base, degree = _parts(node, 2)
    return f"{raised(degree)}√({base})"


def _above(node: Node) -> str:
    base, high = _parts(node, 2)
    return _grouped(base) + raised(high)


def _below(node: Node) -> str:
    base, low = _parts(node, 2)
    return _grouped(base) + lowered(low)


def _both(node: Node) -> str:
    base, low, high = _parts(node, 3)
    return _grouped(base) + lowered(low) + raised(high)


def _limited(node: Node) -> str:
    base, low, *high = _parts(node, 3 if node.local == "munderover" else 2)
    return f"{base}_({low})" + "".join(f"^({one})" for one in high)


def _fenced(node: Node) -> str:
    between = node.attributes.get("separators", ",").strip()[:1]
    inner = f"{between} ".join(math_in_line(child).strip() for child in node.nodes())
    return node.attributes.get("open", "(") + inner + node.attributes.get("close", ")")


_SHAPES: dict[str, Callable[[Node], str]] = {
    "mfrac": _fraction,
    "msqrt": _square_root,
    "mroot": _root,
    "msup": _above,
    "msub": _below,
    "msubsup": _both,
    "munder": _limited,
    "munderover": _limited,
    "mfenced": _fenced,
}
