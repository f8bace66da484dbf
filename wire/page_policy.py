"""What a page's own policy must let run: the few lines that stand in the page itself (CSP Level 3 §8.4)."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def script_sources(page: Path) -> str:
    """The sources of `script-src` for a built page: its own server, and its inline scripts by their hash.

    Raises :class:`OSError` where there is no such page.
    """
    return _sources(page, page.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _sources(page: Path, _changed_ns: int) -> str:
    scripts = _INLINE.findall(page.read_text(encoding="utf-8"))
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    return " ".join(["'self'", *(f"'sha256-{each}'" for each in hashes)])
