"""Photographs of rooms whose people were counted and marked by hand, where they are at hand."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from site_agent.camera.frames import Frame
from site_agent.camera.room import Room

ROOMS = Path(__file__).resolve().parents[3] / "shared" / "data" / "rooms"
FRONT, MIXED, BACK, EMPTY = "FRONT", "MIXED", "BACK", "EMPTY"
# The television on the left wall of this room shows a speaker; its seats are everything right of it.
SEATS = {"e02_skylight": Room(((0.1, 0.0), (1.0, 0.0), (1.0, 1.0), (0.1, 1.0)))}
BELOW_THE_PORTRAITS = Room(((0.0, 0.05), (1.0, 0.05), (1.0, 1.0), (0.0, 1.0)))
PORTRAITS = "c06_legos_portraits"
"""Seven people at a table under framed portraits, three of which a detector takes for people."""


class Photograph(msgspec.Struct, frozen=True):
    """``faces`` are the widths in pixels of the faces that a person marked."""

    name: str
    path: Path
    view: str
    people: int
    faces: tuple[float, ...]


def photographs(folder: Path = ROOMS) -> list[Photograph]:
    """All of them; none where they are not at hand."""
    truth = folder / "ground_truth.json"
    if not truth.is_file():
        return []
    photos = json.loads(truth.read_text(encoding="utf-8"))["photos"]
    return [
        Photograph(
            name,
            folder / f"{name}.jpg",
            photo["view"],
            photo["n_heads"],
            tuple(head["w"] for head in photo["heads"] if head["type"] == "face"),
        )
        for name, photo in photos.items()
    ]


def black(frame: Frame) -> Frame:
    """The light is off."""
    return np.zeros_like(frame)


def covered(frame: Frame) -> Frame:
    """A hand on the lens: one grey with sensor noise."""
    noise = np.random.default_rng(0).normal(70, 3, frame.shape)
    return np.asarray(noise, dtype=np.uint8)


def half_covered(frame: Frame) -> Frame:
    """A sheet of paper before the left half of the lens."""
    spoilt = frame.copy()
    spoilt[:, : frame.shape[1] // 2] = covered(frame)[:, : frame.shape[1] // 2]
    return spoilt


Spoil = Callable[[Frame], Frame]
