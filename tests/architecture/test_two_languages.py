"""Whoever is refused is told so in Vietnamese and in English (the pages hold their own words to both, too)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPEAKERS = {"Refused": 1, "refused": 2}
"""Callables that word a refusal for a person -> place of the sentence among their arguments."""
WORDS = re.compile(r"[^\W\d_]{2,}")
INNER = {"unasked", "second_content", "too_fast"}
"""Codes that a site's record is set aside under: they are worded by the wall, not here."""


def literals(said: ast.expr) -> Iterator[str]:
    """The fixed parts of a sentence: of a string, an f-string, or several joined; not the key of a table of words."""
    if isinstance(said, ast.Constant) and isinstance(said.value, str):
        yield said.value
    elif isinstance(said, ast.JoinedStr):
        for part in said.values:
            yield from literals(part)
    elif isinstance(said, ast.BinOp):
        yield from literals(said.left)
        yield from literals(said.right)


def sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, fixed text) of every refusal whose sentence stands in the code."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in SPEAKERS:
            continue
        place = SPEAKERS[node.func.id]
        if len(node.args) <= place:
            continue
        code = node.args[place - 1]
        if isinstance(code, ast.Constant) and code.value in INNER:
            continue
        text = "".join(literals(node.args[place]))
        if WORDS.search(text):
            yield node.lineno, text


def test_every_refusal_is_worded_in_both_languages() -> None:
    wrong, seen = [], 0
    for package in ("orchestrator", "site_agent"):
        for file in sorted((ROOT / package).rglob("*.py")):
            for line, text in sentences(ast.parse(file.read_text(encoding="utf-8"))):
                seen += 1
                if " / " not in text:
                    wrong.append(f"{file.relative_to(ROOT).as_posix()}:{line}: {text}")
    assert wrong == []
    assert seen > 100


def test_the_search_finds_a_sentence_in_one_language() -> None:
    assert list(sentences(ast.parse('raise Refused("a", f"only {x} one", 422)'))) == [(1, "only  one")]
