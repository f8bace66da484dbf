"""``python -m orchestrator.slides.drawing`` reads one PDF from standard input and writes its pages as pictures.

Runs with little memory, little time, no files to write and an empty environment: whatever a hostile file does to the
reader of PDFs (PDFium by pypdfium2, built without JavaScript and without XFA) ends this process and nothing else.

First a line of JSON: {"pages": 12} or {"fault": "encrypted"}. Then for each page a line of JSON,
{"width", "height", "small", "large"}, and after it the two WebP pictures, `small` and `large` bytes long.
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import BinaryIO

import pypdfium2
from PIL import Image

from orchestrator.confined import confine

LARGE = (1920, 1080)
SMALL = (960, 540)
MOST_PAGES = 300
MEMORY = 1 << 30
CPU_S = 900
OPEN_FILES = 32
NICE = 10
HEAD = 1024
"""Bytes within which a PDF says that it is one (ISO 32000-1 annex H, note 13)."""
_PASSWORD = 4
"""FPDF_ERR_PASSWORD of fpdfview.h."""
LOSSLESS_BYTES = {LARGE: 160 << 10, SMALL: 50 << 10}
"""A drawn page stays below this without any loss; a photograph does not, and gains nothing from it."""


def main() -> int:
    """Draw standard input. Always 0: what is wrong with the file stands in the first line."""
    os.nice(NICE)
    confine(memory=MEMORY, cpu_s=CPU_S, open_files=OPEN_FILES)
    with os.fdopen(os.dup(0), "rb") as file:
        draw(file, sys.stdout.buffer)
    return 0


def draw(file: BinaryIO, out: BinaryIO) -> None:
    """Everything of one file."""
    if b"%PDF-" not in file.read(HEAD):
        _say(out, {"fault": "unknown"})
        return
    file.seek(0)
    try:
        document = pypdfium2.PdfDocument(file)
        pages = len(document)
    except pypdfium2.PdfiumError as fault:
        _say(out, {"fault": "encrypted" if fault.err_code == _PASSWORD else "broken"})
        return
    if not 1 <= pages <= MOST_PAGES:
        _say(out, {"fault": "too_many_pages" if pages else "empty"})
        return
    _say(out, {"pages": pages})
    for place in range(pages):
        try:
            picture = _page(document, place)
            large, small = _webp(picture, LARGE), _webp(_within(picture, SMALL), SMALL)
        except (pypdfium2.PdfiumError, MemoryError, ValueError, ZeroDivisionError, OSError):
            _say(out, {"fault": "too_heavy"})
            return
        width, height = picture.size
        _say(out, {"width": width, "height": height, "small": len(small), "large": len(large)})
        out.write(small + large)
        out.flush()


def _page(document: pypdfium2.PdfDocument, place: int) -> Image.Image:
    """A page on white, as large as fits."""
    page = document[place]
    try:
        width, height = page.get_size()
        scale = min(LARGE[0] / width, LARGE[1] / height)
        drawn = page.render(scale=scale)
        # A page drawn to the last half pixel may be one pixel too wide.
        return _within(drawn.to_pil().convert("RGB"), LARGE)
    finally:
        page.close()


def _within(picture: Image.Image, most: tuple[int, int]) -> Image.Image:
    if picture.width <= most[0] and picture.height <= most[1]:
        return picture
    smaller = picture.copy()
    smaller.thumbnail(most, Image.Resampling.LANCZOS)
    return smaller


def _webp(picture: Image.Image, box: tuple[int, int]) -> bytes:
    """Letters stay sharp without loss; a picture full of colours is told with a loss that nobody sees."""
    exact = io.BytesIO()
    picture.save(exact, "WEBP", lossless=True, quality=40, method=2)
    if exact.tell() <= LOSSLESS_BYTES[box]:
        return exact.getvalue()
    near = io.BytesIO()
    picture.save(near, "WEBP", quality=88, method=3)
    return min(exact.getvalue(), near.getvalue(), key=len)


def _say(out: BinaryIO, told: dict[str, object]) -> None:
    out.write(json.dumps(told).encode("ascii") + b"\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
