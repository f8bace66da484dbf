"""A page's own lines are allowed by their hash, and nothing else that could stand in it."""

from __future__ import annotations

import os
from pathlib import Path

from wire.page_policy import script_sources

# `printf "alert('Hello, world.');" | openssl dgst -sha256 -binary | base64` (the example of CSP Level 3 §6.7.3.3).
HASH = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


def test_inline_lines_are_named_by_their_hash(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<script>alert(\'Hello, world.\');</script><script type="module" src="./a.js"></script>')
    assert script_sources(page) == f"'self' {HASH}"


def test_a_page_that_was_built_anew_is_read_anew(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<script>alert('Hello, world.');</script>")
    os.utime(page, ns=(1, 1))
    assert HASH in script_sources(page)
    page.write_text("<p>nothing</p>")
    os.utime(page, ns=(2, 2))
    assert script_sources(page) == "'self'"
