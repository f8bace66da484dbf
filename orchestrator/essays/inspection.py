"""Looks into a stranger's DOCX or PDF: is it what it says, is it safe to pass on, how many pages, what text.

Runs only inside ``python -m orchestrator.essays.checker``, a process with little memory and little time. Everything is
streamed and bounded here as well, so that the limits of that process are a second wall, not the first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO, NamedTuple

TAIL = 66_000
"""Bytes from the end in which a zip directory's end must stand (RFC-less: APPNOTE 4.3.16 allows 65,535 of comment)."""
MOST_TEXT = 400_000
"""Characters of text kept for the markers' preview."""


class Reason(StrEnum):
    """Why a file is not taken. The words are stable; the sentences stand in `orchestrator.essays.words`."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    OLD_WORD = "old_word"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    POLYGLOT = "polyglot"
    BOMB = "bomb"
    TOO_MANY = "too_many"
    NESTED = "nested"
    MACROS = "macros"
    ACTIVE = "active"
    ENTITIES = "entities"
    EXTERNAL = "external"
    TOO_HEAVY = "too_heavy"
    NOT_ALLOWED = "not_allowed"


class Unsafe(Exception):
    """The file is not taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Seen(NamedTuple):
    """A good file. ``text`` is asked for last, because reading it may take longer than allowed."""

    form: str
    pages: int | None
    text: Iterator[str]


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_END = b"PK\x05\x06"


def inspect(file: BinaryIO) -> Seen:
    """What the file is; raises `Unsafe`."""
    head = file.read(1 << 10)
    if not head:
        raise Unsafe(Reason.EMPTY)
    if head.startswith(b"PK\x03\x04"):
        return _word(file, head)
    if head.startswith(b"%PDF-"):
        return _pdf(file)
    if head.startswith(_OLE):
        raise Unsafe(Reason.ENCRYPTED if _holds(file, "EncryptedPackage".encode("utf-16-le")) else Reason.OLD_WORD)
    raise Unsafe(Reason.POLYGLOT if b"%PDF-" in head else Reason.UNKNOWN)


def _word(file: BinaryIO, head: bytes) -> Seen:
    from orchestrator.essays.word_file import read_word

    if b"%PDF-" in head:
        raise Unsafe(Reason.POLYGLOT)
    if not _zip_fills(file):
        raise Unsafe(Reason.POLYGLOT if _ZIP_END in _tail(file) else Reason.BROKEN)
    return read_word(file)


def _pdf(file: BinaryIO) -> Seen:
    from orchestrator.essays.pdf_file import read_pdf

    tail = _tail(file)
    if b"%%EOF" not in tail[-2048:]:
        raise Unsafe(Reason.BROKEN)
    if _ends_as_zip(tail):
        raise Unsafe(Reason.POLYGLOT)
    return read_pdf(file)


def _tail(file: BinaryIO) -> bytes:
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL))
    return file.read(TAIL)


def _zip_fills(file: BinaryIO) -> bool:
    """Whether the directory of the zip ends the file and nothing stands before the first entry: bytes outside an
    archive are where a second file hides. Word writes no comment and no zip64."""
    size = file.seek(0, 2)
    if size < 22:
        return False
    file.seek(size - 22)
    end = file.read(22)
    if not end.startswith(_ZIP_END):
        return False
    length, start, comment = struct.unpack("<IIH", end[12:22])
    return comment == 0 and int(start) + int(length) == size - 22


def _ends_as_zip(tail: bytes) -> bool:
    """Whether a zip reader would find a directory at the end of these bytes."""
    at = tail.rfind(_ZIP_END)
    while at >= 0:
        if len(tail) - at >= 22 and struct.unpack("<H", tail[at + 20 : at + 22])[0] == len(tail) - at - 22:
            return True
        if b"PK\x01\x02" in tail[:at]:
            return True
        at = tail.rfind(_ZIP_END, 0, at)
    return False


def _holds(file: BinaryIO, words: bytes) -> bool:
    file.seek(0)
    kept = b""
    while piece := file.read(1 << 20):
        if words in kept + piece:
            return True
        kept = piece[-len(words) :]
    return False
