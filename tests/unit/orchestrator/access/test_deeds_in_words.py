"""Whoever reads the audit trail reads words: each deed that the centre writes there has its own in the console."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[4]
DEED = re.compile(r"[a-z_]+\.[a-z_]+")
WORDS = re.compile(r'^  "?([a-z_.]+)"?: \{', re.MULTILINE)
TRAIL = ("record", "_record", "_do", "_keep")
"""What takes a deed on its way to the trail."""


def deeds(file: Path) -> Iterator[str]:
    """The names of deeds that are written out in a call."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TRAIL:
            for said in node.args:
                if isinstance(said, ast.Constant) and isinstance(said.value, str) and DEED.fullmatch(said.value):
                    yield said.value


def test_every_deed_has_its_words() -> None:
    written = {each for file in (ROOT / "orchestrator").rglob("*.py") for each in deeds(file)}
    worded = set(WORDS.findall((ROOT / "dashboard/src/console/deeds.ts").read_text(encoding="utf-8")))
    assert len(written) > 100
    assert sorted(written - worded) == []
