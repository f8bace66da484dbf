"""Draws a slate: the still page by Typst, whose own fonts have every Vietnamese letter; the clock from drawn digits.

A page takes about 20 ms and is drawn when its text changes; a second of the clock is eight small copies.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import structlog
from PIL import Image

from orchestrator.media.slate.model import TEXT_LIMIT, Face
from orchestrator.printing.sheets import PrintFault, drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = structlog.get_logger()

WIDTH, HEIGHT = 1280, 720
GROUND = (0x12, 0x26, 0x3A)
"""The page's own colour, in ``slate.typ``."""
SIGNS = "0123456789:"
CELL, CLOCK_HEIGHT, CLOCK_TOP = 60, 96, 532
"""The clock's cells in pixels, and where its upper edge lies."""
_HERE = Path(__file__).parent


class Easel:
    """Draws one slate again and again; keeps the page as long as its text stays."""

    def __init__(self, draw: Callable[[Path, object], bytes] = drawn) -> None:
        self._draw = draw
        self._complained = False
        self._face: Face | None = None
        self._page: NDArray[np.uint8] = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        self._signs: NDArray[np.uint8] | None = None

    def picture(self, face: Face, clock: str) -> NDArray[np.uint8]:
        """RGB, 720 rows by 1280; the array is the easel's own until the next call.

        What cannot be drawn is left out, and tried again with the next picture: a calm empty page is better than none.
        """
        still = face.still()
        if still != self._face:
            page = self._drawn("slate.typ", _trimmed(still))
            self._page = page if page is not None else np.full((HEIGHT, WIDTH, 3), GROUND, np.uint8)
            self._face = still if page is not None else None
        self._write(clock)
        return self._page

    def _drawn(self, template: str, contents: object) -> NDArray[np.uint8] | None:
        try:
            found = _array(self._draw(_HERE / template, contents))
        except (PrintFault, OSError, RuntimeError) as fault:
            if not self._complained:
                log.error("slate_not_drawn", template=template, error=str(fault)[:300])
            self._complained = True
            return None
        self._complained = False
        return found

    def _write(self, clock: str) -> None:
        if self._signs is None:
            self._signs = self._drawn("digits.typ", {})
        if self._signs is None:
            return
        row = self._page[CLOCK_TOP : CLOCK_TOP + CLOCK_HEIGHT]
        row[:] = self._signs[0, 0]
        known = [sign for sign in clock if sign in SIGNS]
        left = (WIDTH - CELL * len(known)) // 2
        for place, sign in enumerate(known):
            at, of = left + place * CELL, SIGNS.index(sign) * CELL
            row[:, at : at + CELL] = self._signs[:, of : of + CELL]


def _trimmed(face: Face) -> Face:
    """No text so long that drawing it takes for ever."""
    texts = {name: value[:TEXT_LIMIT] for name, value in msgspec.structs.asdict(face).items() if isinstance(value, str)}
    texts.pop("counting")
    return msgspec.structs.replace(face, **texts)


def _array(png: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(png)) as picture:
        return np.array(picture.convert("RGB"))
