"""A DOCX from a stranger: parts bounded in number, size and density; no macros, no packed files, no document types, no
remote parts; its text in order. Part of the checker's process."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from orchestrator.essays.inspection import MOST_TEXT, Reason, Seen, Unsafe

MOST_PARTS = 2000
MOST_PART = 100 << 20
MOST_UNPACKED = 250 << 20
MOST_XML = 60 << 20
MOST_RATIO = 250
"""Unpacked to packed of a part above `_SMALL`; deflate cannot do more than 1,032, XML of documents does 5 to 60."""
_SMALL = 1 << 20
MOST_DEPTH = 250
MOST_ELEMENTS = 3_000_000
_STEP = 1 << 16
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError)
_PACKED = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"MZ", b"\xd0\xcf\x11\xe0")
_MACRO = ("vbaproject.bin", "vbadata.xml", "vbaprojectsignature.bin")
_MAIN = "word/document.xml"
_TYPES = "[Content_Types].xml"
_REMOTE = ("http:", "https:", "ftp:", "//", "\\\\", "file://", "mhtml:")


def read_word(file: BinaryIO) -> Seen:
    """Check every part; raises `Unsafe`."""
    parts = _opened(file)
    if parts.getinfo(_TYPES).file_size > MOST_XML or b"macroEnabled" in b"".join(_pieces(parts, _TYPES)):
        raise Unsafe(Reason.MACROS)
    elements = [0]
    for part in parts.infolist():
        if part.is_dir():
            continue
        if part.filename.lower().endswith((".xml", ".rels")):
            _read_xml(parts, part, _Guard(part.filename, elements))
        else:
            _read_blob(parts, part)
    return Seen("docx", _pages(parts), _text(parts))


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    try:
        parts = zipfile.ZipFile(file)
    except (*_BROKEN, UnicodeDecodeError) as fault:
        raise Unsafe(Reason.BROKEN) from fault
    listed = parts.infolist()
    names = [part.filename for part in listed]
    if len(listed) > MOST_PARTS:
        raise Unsafe(Reason.TOO_MANY)
    if any(part.flag_bits & 0x1 for part in listed):
        raise Unsafe(Reason.ENCRYPTED)
    if any(name.lower().rsplit("/", 1)[-1] in _MACRO or "activex" in name.lower() for name in names):
        raise Unsafe(Reason.MACROS)
    _check_sizes(listed)
    if _TYPES not in names or _MAIN not in names or len({name.lower() for name in names}) != len(names):
        raise Unsafe(Reason.BROKEN)
    return parts


def _check_sizes(listed: list[zipfile.ZipInfo]) -> None:
    if sum(part.file_size for part in listed) > MOST_UNPACKED:
        raise Unsafe(Reason.BOMB)
    for part in listed:
        dense = part.file_size > _SMALL and part.file_size > MOST_RATIO * max(1, part.compress_size)
        if part.file_size > MOST_PART or dense:
            raise Unsafe(Reason.BOMB)
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unsafe(Reason.BROKEN)


def _pieces(parts: zipfile.ZipFile, part: zipfile.ZipInfo | str) -> Iterator[bytes]:
    try:
        with parts.open(part) as opened:
            while piece := opened.read(_STEP):
                yield piece
    except _BROKEN as fault:
        raise Unsafe(Reason.BROKEN) from fault


def _read_blob(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """To its end, which checks its sum; a file packed in the file is where harm travels."""
    first = True
    for piece in _pieces(parts, part):
        if first and piece.startswith(_PACKED):
            raise Unsafe(Reason.NESTED)
        first = False


def _read_xml(parts: zipfile.ZipFile, part: zipfile.ZipInfo, guard: _Guard) -> None:
    if part.file_size > MOST_XML:
        raise Unsafe(Reason.BOMB)
    guard.read(_pieces(parts, part))


class _Guard:
    """Reads one XML part and refuses what is unsafe in it. ``elements`` is shared by all parts of a file."""

    def __init__(self, name: str, elements: list[int]) -> None:
        self._relations = name.endswith(".rels")
        self._elements = elements
        self._depth = 0
        self._parser = parser = expat.ParserCreate()
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse

    def read(self, pieces: Iterator[bytes]) -> None:
        _parse(self._parser, pieces)

    def _refuse(self, *_told: object) -> int:
        raise Unsafe(Reason.ENTITIES)

    def _begin(self, _name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements[0] += 1
        if self._depth > MOST_DEPTH or self._elements[0] > MOST_ELEMENTS:
            raise Unsafe(Reason.BOMB)
        if self._relations and attributes.get("TargetMode", "").lower() == "external":
            kind, target = attributes.get("Type", ""), attributes.get("Target", "").strip().lower()
            # A link that a reader clicks is theirs to click; a template or picture fetched on opening is not.
            if not kind.endswith("/hyperlink") and target.startswith(_REMOTE) and not target.startswith("file:///"):
                raise Unsafe(Reason.EXTERNAL)

    def _end(self, _name: str) -> None:
        self._depth -= 1


def _parse(parser: expat.XMLParserType, pieces: Iterator[bytes]) -> None:
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as fault:
        raise Unsafe(Reason.BROKEN) from fault
    except (ValueError, LookupError) as fault:
        raise Unsafe(Reason.BROKEN) from fault


def _pages(parts: zipfile.ZipFile) -> int | None:
    """What Word wrote of its pages; it need not be there."""
    if "docProps/app.xml" not in parts.namelist() or parts.getinfo("docProps/app.xml").file_size > _SMALL:
        return None
    written = b"".join(_pieces(parts, "docProps/app.xml"))
    told = written.partition(b"<Pages>")[2].partition(b"</Pages>")[0]
    return int(told) if told.isdigit() and len(told) < 6 else None


def _text(parts: zipfile.ZipFile) -> Iterator[str]:
    reading = _Text()  # every part was parsed once before: no fault can come here
    for piece in _pieces(parts, _MAIN):
        reading.parser.Parse(piece, False)
        if reading.length >= MOST_TEXT:
            break
        yield from reading.take()
    yield from reading.take()


class _Text:
    """The words of a document: a line a paragraph, tabs and breaks kept."""

    def __init__(self) -> None:
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        self.length = 0
        self._inside = False
        self._kept: list[str] = []

    def take(self) -> list[str]:
        kept, self._kept = self._kept, []
        return kept

    def _begin(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self._inside = local == "t"
        if local in ("tab", "br", "cr"):
            self._keep("\t" if local == "tab" else "\n")

    def _end(self, name: str) -> None:
        self._inside = False
        if name.rpartition(":")[2] == "p":
            self._keep("\n")

    def _said(self, text: str) -> None:
        if self._inside:
            self._keep(text)

    def _keep(self, text: str) -> None:
        self.length += len(text)
        self._kept.append(text)
