"""The furniture of the drawn room: walls, windows, seats, bodies and desks; nothing here has a face.

Coordinates are frame pixels (1280 x 720); the canvas is ``DETAIL`` times as large, so that edges come out smooth.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1280, 720
DETAIL = 2

Colour = tuple[int, int, int]

_WALL: Colour = (216, 208, 188)
_DADO: Colour = (150, 172, 160)
_FLOOR: Colour = (140, 118, 98)
_WOOD: Colour = (166, 122, 78)
_DARK_WOOD: Colour = (104, 74, 48)
_FLOOR_Y = 262

# Outlines in face widths, from the chin (chest and collar) and from the desk's far edge (paper).
_CHEST = ((-0.36, 0.12), (-1.15, 0.46), (-1.2, 1.5), (1.2, 1.5), (1.15, 0.46), (0.36, 0.12))
_COLLAR = ((-0.36, 0.12), (0, 0.55), (0.36, 0.12), (0.2, 0.06), (0, 0.32), (-0.2, 0.06))
_PAPER = ((-0.4, 0.07), (0.35, 0.07), (0.42, 0.23), (-0.45, 0.23))


class Row(NamedTuple):
    """One row of seats, seen from the front: how many, how large a face is there, and where the chins are."""

    people: int
    face_px: float
    spacing_px: float
    chin_y: float

    def seats(self) -> list[float]:
        """The middle of each seat, from left to right."""
        first = (WIDTH - self.spacing_px * (self.people - 1)) / 2
        return [first + self.spacing_px * seat for seat in range(self.people)]


class _Pen:
    """Draws in frame pixels on a canvas that is ``DETAIL`` times as large."""

    def __init__(self, canvas: Image.Image) -> None:
        self._draw = ImageDraw.Draw(canvas)

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour, *, round_px: float = 0) -> None:
        corners = [value * DETAIL for value in (left, top, right, bottom)]
        self._draw.rounded_rectangle(corners, round_px * DETAIL, fill=fill)

    def shape(self, points: Sequence[tuple[float, float]], fill: Colour) -> None:
        self._draw.polygon([(x * DETAIL, y * DETAIL) for x, y in points], fill=fill)


@cache
def empty_classroom() -> Image.Image:
    """The room without seats, as a canvas; callers draw on a copy."""
    canvas = Image.new("RGB", (WIDTH * DETAIL, HEIGHT * DETAIL), _WALL)
    pen = _Pen(canvas)
    pen.box(0, 0, WIDTH, 26, (232, 230, 222))
    pen.box(0, 190, WIDTH, _FLOOR_Y, _DADO)
    pen.box(0, 186, WIDTH, 191, _DARK_WOOD)
    for left in (70, 300, 960):
        _window(pen, left)
    _notice_board(pen)
    pen.box(1168, 58, 1258, _FLOOR_Y, _DARK_WOOD)
    pen.box(1174, 64, 1252, _FLOOR_Y, _WOOD)
    pen.box(1180, 160, 1188, 172, (210, 190, 110), round_px=3)
    pen.box(0, _FLOOR_Y, WIDTH, HEIGHT, _FLOOR)
    _floor_joints(pen)
    return canvas


def _window(pen: _Pen, left: float) -> None:
    pen.box(left - 6, 44, left + 156, 166, (236, 234, 226))
    for pane in range(2):
        pen.box(left + pane * 77, 50, left + pane * 77 + 73, 160, (188, 212, 226))
        pen.shape([(left + pane * 77, 160), (left + pane * 77, 130), (left + pane * 77 + 73, 118),
                   (left + pane * 77 + 73, 160)], (142, 176, 138))  # fmt: skip
    pen.box(left - 12, 164, left + 162, 172, (206, 202, 190))


def _notice_board(pen: _Pen) -> None:
    pen.box(530, 40, 890, 160, _DARK_WOOD)
    pen.box(536, 46, 884, 154, (76, 116, 98))
    papers: Sequence[tuple[float, float, Colour]] = (
        (552, 58, (240, 236, 220)), (624, 64, (238, 214, 150)), (700, 56, (240, 236, 220)),
        (768, 62, (204, 220, 236)), (828, 58, (240, 236, 220)),
    )  # fmt: skip
    for left, top, colour in papers:
        pen.box(left, top, left + 44, top + 62, colour)
        for line in range(5):
            pen.box(left + 6, top + 10 + line * 10, left + 36, top + 12 + line * 10, (150, 150, 146))


def _floor_joints(pen: _Pen) -> None:
    y, step = float(_FLOOR_Y), 14.0
    while y < HEIGHT:
        pen.box(0, y, WIDTH, y + 1, (126, 106, 88))
        y, step = y + step, step * 1.25


def draw_seat(canvas: Image.Image, row: Row, x: float) -> None:
    """Draw the back of one chair behind whoever sits on it."""
    pen, face = _Pen(canvas), row.face_px
    top = row.chin_y + 0.25 * face
    pen.box(x - 0.75 * face, top, x + 0.75 * face, top + 1.4 * face, _DARK_WOOD, round_px=0.15 * face)
    pen.box(x - 0.65 * face, top + 0.1 * face, x + 0.65 * face, top + 1.4 * face, _WOOD, round_px=0.1 * face)


def draw_body(canvas: Image.Image, row: Row, x: float, y: float, shirt: Colour, light: float) -> None:
    """Draw neck, shoulders and chest under a chin at ``(x, y)``."""
    pen, face = _Pen(canvas), row.face_px
    lit: Colour = (round(shirt[0] * light), round(shirt[1] * light), round(shirt[2] * light))
    skin: Colour = (round(196 * light), round(150 * light), round(122 * light))
    pen.shape([(x + dx * face, y + dy * face) for dx, dy in _CHEST], lit)
    pen.box(x - 0.34 * face, y - 0.3 * face, x + 0.3 * face, y + 0.3 * face, skin, round_px=0.2 * face)
    pen.shape([(x + dx * face, y + dy * face) for dx, dy in _COLLAR], lit)


def draw_desk(canvas: Image.Image, row: Row) -> None:
    """Draw the long desk in front of a row, with a sheet of paper before every seat."""
    pen, face, seats = _Pen(canvas), row.face_px, row.seats()
    top, left, right = row.chin_y + 0.95 * face, seats[0] - 1.3 * face, seats[-1] + 1.3 * face
    edge, front, lip = 0.12 * face, top + 0.3 * face, top + 0.36 * face
    pen.shape([(left, top), (right, top), (right + edge, front), (left - edge, front)], (190, 148, 100))
    pen.box(left - edge, front, right + edge, top + 0.85 * face, _WOOD)
    pen.box(left - edge, front, right + edge, lip, _DARK_WOOD)
    for x in seats:
        pen.shape([(x + dx * face, top + dy * face) for dx, dy in _PAPER], (236, 234, 228))
