"""``python -m orchestrator.essays.checker`` reads one file from standard input and says what it is.

Two lines of JSON: the verdict {"form", "pages"} or {"reason"}, then {"text"}. The second may be missing when the time
was over: a file whose text takes long is still a good file. Nothing is written anywhere, nothing else is opened.
"""

from __future__ import annotations

import json
import os
import sys
from typing import BinaryIO

from orchestrator.confined import confine
from orchestrator.essays.inspection import MOST_TEXT, Reason, Unsafe, inspect

MEMORY = 768 << 20
CPU_S = 20
OPEN_FILES = 16


def main() -> int:
    """Check standard input. Always 0: what is wrong with the file stands in the first line."""
    confine(memory=MEMORY, cpu_s=CPU_S, open_files=OPEN_FILES)
    with os.fdopen(os.dup(0), "rb") as file:
        check(file, sys.stdout.buffer)
    return 0


def check(file: BinaryIO, out: BinaryIO) -> None:
    """The two lines for one file."""
    try:
        seen = inspect(file)
    except Unsafe as unsafe:
        _say(out, {"reason": unsafe.reason.value})
        return
    except (MemoryError, RecursionError):
        _say(out, {"reason": Reason.TOO_HEAVY.value})
        return
    _say(out, {"form": seen.form, "pages": seen.pages})
    text = ""
    try:
        for piece in seen.text:
            text += piece
            if len(text) >= MOST_TEXT:
                break
    except (Unsafe, MemoryError, RecursionError):
        text += "\n…"
    _say(out, {"text": text[:MOST_TEXT]})


def _say(out: BinaryIO, told: dict[str, object]) -> None:
    # Lone surrogates of a broken font would not survive as UTF-8: ASCII with escapes, mended by whoever reads it.
    out.write(json.dumps(told).encode("ascii") + b"\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
