"""Raised and lowered text in plain characters: m² and H₂O keep their sense where a paper carries text only."""

_PLAIN = "0123456789+-=()n"
_RAISED = dict(zip(_PLAIN, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True)) | {"−": "⁻", "i": "ⁱ", "°": "°", "o": "º"}
_LOWERED = dict(zip(_PLAIN, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙ", strict=True)) | {"−": "₋", "a": "ₐ", "e": "ₑ", "i": "ᵢ", "x": "ₓ"}


def raised(text: str) -> str:
    """Superscript: `2` is `²`; what has no such character is written `^(…)`."""
    return _written(text, _RAISED, "^")


def lowered(text: str) -> str:
    """Subscript: `2` is `₂`; what has no such character is written `_(…)`."""
    return _written(text, _LOWERED, "_")


def _written(text: str, table: dict[str, str], sign: str) -> str:
    core = text.strip()
    if not core:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    known = all(letter in table for letter in core)
    written = "".join(table[letter] for letter in core) if known else f"{sign}({core})"
    return before + written + after
