"""Slides as files: a real PDF with Vietnamese text, presentations, and files that must harm nobody."""

from __future__ import annotations

import functools
import io
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import typst
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, FloatObject, NameObject

TEXT = "Đổi mới kiểm tra, đánh giá năng lực học sinh: thầy cô ở mọi điểm cầu đều đọc rõ từng chữ."


@functools.cache
def pdf(pages: int = 3, topic: str = "Mục tiêu bài học") -> bytes:
    """A deck of 16:9 with Vietnamese letters, each page with a heading, sentences and a table."""
    page = "\n#pagebreak()\n".join(_page(place, topic) for place in range(1, pages + 1))
    head = '#set page(width: 25.4cm, height: 14.29cm, margin: 1.2cm)\n#set text(size: 20pt, lang: "vi")\n'
    return bytes(typst.compile((head + page).encode(), format="pdf"))


def _page(place: int, topic: str) -> str:
    return (
        f"= Trang {place}: {topic}\n{TEXT}\n\n"
        "#table(columns: 3, [Mức độ], [Câu hỏi], [Tỉ lệ], [Nhận biết], [12], [40 %], [Vận dụng], [6], [20 %])\n\n"
        "#text(size: 12pt)[Chữ nhỏ vẫn phải nét: ẵ ễ ị ọ ữ ỷ đ Đ ₫ — 1.234,5]"
    )


@functools.cache
def locked_pdf() -> bytes:
    """One that opens with a password only."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(1))))
    writer.encrypt("bí mật")
    return _written(writer)


@functools.cache
def boundless_pdf() -> bytes:
    """A page of five kilometres by a hair."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(1))))
    writer.pages[0][NameObject("/MediaBox")] = ArrayObject(FloatObject(side) for side in (0, 0, 14_400_000, 1))
    return _written(writer)


@functools.cache
def empty_pdf() -> bytes:
    """A document without pages."""
    return _written(PdfWriter())


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pptx(relations: str = "") -> bytes:
    """A presentation's package, with these relationships of its first slide."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("ppt/presentation.xml", "<p:presentation/>")
        package.writestr("ppt/slides/_rels/slide1.xml.rels", f"<Relationships>{relations}</Relationships>")
    return out.getvalue()


OUTWARD = '<Relationship Id="r1" Type="http://x/image" Target="http://192.0.2.1/a.png" TargetMode="External"/>'
CLICKED = '<Relationship Id="r1" Type="http://x/hyperlink" Target="http://example.org" TargetMode="External"/>'


def stand_in_office(folder: Path, *, works: bool = True) -> Path:
    """A program that takes LibreOffice's command line and leaves a PDF, as LibreOffice would; or leaves nothing."""
    made = folder / "made.pdf"
    made.write_bytes(pdf(2))
    program = folder / "soffice"
    copy = f'cp "{made}" "$out/deck.pdf"' if works else "exit 1"
    program.write_text(
        f'#!/bin/sh\nwhile [ $# -gt 0 ]; do case "$1" in --outdir) out="$2"; shift;; esac; shift; done\n{copy}\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program


OASIS = "urn:oasis:names:tc:opendocument:xmlns"
ODP = "application/vnd.oasis.opendocument.presentation"


def office_pptx(folder: Path, soffice: str, titles: Sequence[str]) -> bytes:
    """A presentation as an office writes it, one slide for each title."""
    spaces = " ".join(
        f'xmlns:{name}="{OASIS}:{kind}:1.0"'
        for name, kind in (("office", "office"), ("draw", "drawing"), ("text", "text"), ("svg", "svg-compatible"))
    )
    box = 'svg:x="2cm" svg:y="3cm" svg:width="20cm" svg:height="4cm"'
    pages = "".join(
        f"<draw:page><draw:frame {box}><draw:text-box><text:p>{title}</text:p></draw:text-box></draw:frame></draw:page>"
        for title in titles
    )
    body = f"<office:body><office:presentation>{pages}</office:presentation></office:body>"
    content = f'<office:document-content {spaces} office:version="1.2">{body}</office:document-content>'
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", ODP), ("content.xml", "text/xml"))
    )
    manifest = f'<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0">{listed}</manifest:manifest>'
    with zipfile.ZipFile(folder / "deck.odp", "w") as package:
        for path, text in (("mimetype", ODP), ("META-INF/manifest.xml", manifest), ("content.xml", content)):
            package.writestr(path, text)
    profile = f"-env:UserInstallation={(folder / 'writer').absolute().as_uri()}"
    command = [soffice, "--headless", profile, "--convert-to", "pptx", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "deck.odp")], check=True, capture_output=True, timeout=100)
    return (folder / "deck.pptx").read_bytes()
