"""Whoever decodes what somebody else wrote catches all the ways in which that fails, not msgspec's own alone."""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec
import pytest

from wire.unreadable import UNREADABLE

ROOT = Path(__file__).parents[2]
HALF = {"msgspec.MsgspecError", "msgspec.DecodeError"}


def caught(handler: ast.ExceptHandler) -> set[str]:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type] if handler.type else []
    return {ast.unparse(kind) for kind in kinds}


def test_nobody_catches_only_half_of_what_decoding_raises() -> None:
    looked, found = 0, []
    for package in ("wire", "orchestrator", "site_agent", "demo"):
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ExceptHandler):
                    looked += 1
                    found += [f"{file.relative_to(ROOT)}:{node.lineno}"] if caught(node) & HALF else []
    assert looked > 500
    assert found == []


@pytest.mark.parametrize("octets", [b'"\xff"', b'{"a":"\xc3("}', b"\xff\xfe", b"[" * 100_000, b"", b"nul"])
def test_what_is_no_json_is_unreadable(octets: bytes) -> None:
    for kind in (str, dict[str, str], object):
        with pytest.raises(UNREADABLE):
            msgspec.json.decode(octets, type=kind)
