"""The agent's log as it may leave the room: bounded, compressed, without what could name a person or show one.

Logs carry event names and plain figures by rule; this is the second lock. Fields whose name speaks of a person are left
out, long digits and paths are masked, and whatever looks like bytes (a picture, a key) goes.
"""

from __future__ import annotations

import gzip
import json
import platform
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from site_agent import VERSION
from wire.orders import LOG_PIECE_BYTES, MOST_LOG_PIECES

FILE = "agent.log"
MOST_RAW_BYTES = 2 << 20
MOST_BYTES = LOG_PIECE_BYTES * MOST_LOG_PIECES
TEXT_LIMIT = 300
TRACE_LIMIT = 4000
_PERSONAL = re.compile(
    r"name|number|candidate|person|phone|contact|text|word|pin\b|token|secret|key|picture|jpeg", re.I
)
_DIGITS = re.compile(r"\d{8,}")
_BLOB = re.compile(r"[A-Za-z0-9+/_=-]{60,}")
_PATHS = re.compile(r"(/(?:home|Users)/|[A-Za-z]:\\\\?Users\\\\?)[^/\\\s\"']+")


def packed(folder: Path) -> bytes:
    """The newest lines of the log in `folder` as gzip of JSON lines, the oldest first; at most `MOST_BYTES`."""
    lines = list(fit(_lines(folder)))
    while True:
        head = {"event": "log_collected", "agent": VERSION, "platform": platform.platform()[:120], "lines": len(lines)}
        octets = gzip.compress(b"\n".join([json.dumps(head).encode(), *lines, b""]), 9, mtime=0)
        if len(octets) <= MOST_BYTES:
            return octets
        lines = lines[len(lines) // 4 + 1 :]


def fit(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Each line as it may leave; what is no line of ours is left out."""
    for line in lines:
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict):
            kept = {key: _fit(key, value) for key, value in told.items() if not _PERSONAL.search(key)}
            yield json.dumps(kept, ensure_ascii=False).encode()


def _fit(key: str, value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if key == "timestamp":
        return str(value)[:40]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    for pattern, by in ((_BLOB, "…"), (_DIGITS, "…"), (_PATHS, r"\1…")):
        text = pattern.sub(by, text)
    return text[-TRACE_LIMIT:] if key == "exception" else text[:TEXT_LIMIT]


def _lines(folder: Path) -> list[bytes]:
    """The newest lines of all files, the oldest first."""
    octets = b""
    for number in range(10):
        file = folder / (f"{FILE}.{number}" if number else FILE)
        if not file.is_file() or len(octets) >= MOST_RAW_BYTES:
            break
        octets = file.read_bytes() + octets
    return octets[-MOST_RAW_BYTES:].splitlines()
