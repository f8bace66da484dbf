"""A drawn classroom with a known number of people, for the demo and the tests.

Every person wears the same face: NASA's public-domain portrait of Eileen Collins that scikit-image carries
(``skimage.data.astronaut``), cut out, scaled to 36-68 px, mirrored, tilted and dimmed. A room is the same for the same
seed; its frames differ by a little movement and noise, as a camera's do.

``python -m demo.room --people 21 --out DIR`` writes the frames and ``drawn.json``, the mark by which a site agent knows
that this camera shows no real person.
"""

import argparse
import json
import math
import random
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from skimage import data

from demo.classroom import DETAIL, Row, draw_body, draw_desk, draw_seat, empty_classroom

MARKER = "drawn.json"
ROWS = (
    Row(people=10, face_px=36, spacing_px=118, chin_y=212),
    Row(people=9, face_px=42, spacing_px=134, chin_y=300),
    Row(people=8, face_px=50, spacing_px=152, chin_y=402),
    Row(people=7, face_px=58, spacing_px=174, chin_y=518),
    Row(people=6, face_px=68, spacing_px=204, chin_y=652),
)
CAPACITY = sum(row.people for row in ROWS)

# The head in the portrait: its outline, chin and face width in the portrait's own pixels (512 x 512).
_OUTLINE = (
    (170, 118), (155, 97), (153, 70), (163, 50), (187, 37), (203, 23), (230, 16), (253, 19), (277, 32), (292, 50),
    (300, 73), (302, 97), (293, 117), (280, 128), (270, 137), (263, 150), (256, 170), (255, 186), (230, 190),
    (200, 186), (186, 174), (185, 150), (181, 131), (173, 126),
)  # fmt: skip
_LEFT, _TOP, _RIGHT, _BOTTOM = 145, 8, 311, 198
_CHIN = (226, 178)
_FACE_PX = 90


class Person(NamedTuple):
    """Who sits where: the chin in frame pixels, and how this person differs from the others."""

    row: Row
    x: float
    mirrored: bool
    tilt_deg: float
    light: float
    shirt: tuple[int, int, int]
    phase: float


class DrawnRoom:
    """A classroom with ``people`` seated persons (0 to ``CAPACITY``); raises ``ValueError`` outside that range."""

    def __init__(self, people: int, seed: int = 1) -> None:
        if not 0 <= people <= CAPACITY:
            raise ValueError(f"a drawn room seats 0 to {CAPACITY} people, not {people}")
        self.people = people
        self._seed = seed
        self._persons = _seat(people, random.Random(seed))

    def frame(self, index: int) -> Image.Image:
        """Draw frame ``index``: RGB, 1280 x 720; the same index gives the same picture."""
        canvas = empty_classroom().copy()
        for row in ROWS:
            for x in row.seats():
                draw_seat(canvas, row, x)
            for person in self._persons:
                if person.row is row:
                    _draw_person(canvas, person, index)
            draw_desk(canvas, row)
        small = canvas.resize((canvas.width // DETAIL, canvas.height // DETAIL), Image.Resampling.BOX)
        return _through_a_lens(small, np.random.default_rng((self._seed, index)))


def write_room(folder: Path, people: int, *, frames: int = 12, seed: int = 1) -> None:
    """Write ``frames`` JPEG pictures and the marker into ``folder``, replacing a room that was there before."""
    folder.mkdir(parents=True, exist_ok=True)
    room = DrawnRoom(people, seed)
    for index in range(frames):
        # A camera may be reading this folder: every file appears whole.
        partial = folder / "frame.partial"
        room.frame(index).save(partial, format="JPEG", quality=90)
        partial.replace(folder / f"frame-{index:03d}.jpg")
    for path in sorted(folder.glob("frame-*.jpg"))[frames:]:
        path.unlink()
    (folder / MARKER).write_text(json.dumps({"people": people, "seed": seed, "frames": frames}), encoding="utf-8")


def _seat(people: int, chance: random.Random) -> list[Person]:
    """Set ``people`` persons on seats drawn by lot, so that a half-full room has gaps as real ones do."""
    places = [(row, x) for row in ROWS for x in row.seats()]
    return [
        Person(
            row=row,
            x=x + chance.uniform(-0.12, 0.12) * row.face_px,
            mirrored=chance.random() < 0.5,
            tilt_deg=chance.uniform(-5, 5),
            light=chance.uniform(0.72, 1.02),
            shirt=chance.choice(((232, 232, 228), (176, 200, 226), (226, 196, 190), (66, 84, 120), (128, 150, 120))),
            phase=chance.uniform(0, 2 * math.pi),
        )
        for row, x in chance.sample(places, people)
    ]


@cache
def _portrait_head() -> Image.Image:
    """The head alone, RGBA with a soft edge, in the portrait's own pixels."""
    portrait = Image.fromarray(data.astronaut())  # type: ignore[no-untyped-call]
    mask = Image.new("L", portrait.size, 0)
    ImageDraw.Draw(mask).polygon(_OUTLINE, fill=255)
    portrait.putalpha(mask.filter(ImageFilter.GaussianBlur(1.2)))
    return portrait.crop((_LEFT, _TOP, _RIGHT, _BOTTOM))


def _head_of(person: Person, tilt_deg: float) -> tuple[Image.Image, tuple[float, float]]:
    """Return the person's head at canvas scale and where its chin lies in it."""
    head = _portrait_head()
    scale = DETAIL * person.row.face_px / _FACE_PX
    chin_x, chin_y = _CHIN[0] - _LEFT, _CHIN[1] - _TOP
    if person.mirrored:
        head = head.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        chin_x = head.width - chin_x
    # Turning about the chin keeps the head on its neck.
    head = head.rotate(tilt_deg, Image.Resampling.BICUBIC, center=(chin_x, chin_y))
    size = (round(head.width * scale), round(head.height * scale))
    red, green, blue, alpha = head.resize(size, Image.Resampling.LANCZOS).split()
    dimmed = [channel.point([round(value * person.light) for value in range(256)]) for channel in (red, green, blue)]
    return Image.merge("RGBA", (*dimmed, alpha)), (chin_x * scale, chin_y * scale)


def _draw_person(canvas: Image.Image, person: Person, index: int) -> None:
    sway = math.sin(person.phase + index * 0.9)
    x = person.x + sway * 0.05 * person.row.face_px
    y = person.row.chin_y + math.cos(person.phase + index * 0.7) * 0.02 * person.row.face_px
    draw_body(canvas, person.row, x, y, person.shirt, person.light)
    head, (chin_x, chin_y) = _head_of(person, person.tilt_deg + sway * 1.5)
    canvas.paste(head, (round(x * DETAIL - chin_x), round(y * DETAIL - chin_y)), head)


def _through_a_lens(picture: Image.Image, noise: np.random.Generator) -> Image.Image:
    """Add what a webcam adds: flicker of half a percent and sensor noise of two grey levels."""
    pixels = np.asarray(picture, dtype=np.float32) * (1 + noise.normal(0, 0.005))
    pixels += noise.standard_normal(pixels.shape, dtype=np.float32) * 2
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def main(arguments: list[str]) -> int:
    """Write one drawn room; 0 when done, 2 on wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m demo.room", description="Draw a classroom with known people.")
    parser.add_argument("--people", type=int, required=True, help=f"0 to {CAPACITY}")
    parser.add_argument("--out", type=Path, required=True, help="folder for the frames")
    parser.add_argument("--frames", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    try:
        write_room(chosen.out, chosen.people, frames=chosen.frames, seed=chosen.seed)
    except ValueError as fault:
        parser.error(str(fault))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
