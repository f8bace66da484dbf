"""A burst that somebody kept: the pictures of one room within seconds, in a folder, in the order of their names.

No film is taken for one: its encoder changes a picture from frame to frame, so that a frozen camera would not show.
"""

from pathlib import Path

import msgspec

from site_agent.camera.frames import Frame, UnreadablePicture, read_picture
from site_agent.camera.sources import PICTURE_SUFFIXES

MOST_PICTURES = 100
"""As many as a roll call may order."""


class KeptFrame(msgspec.Struct, frozen=True):
    """One of a burst; ``frame`` None when it cannot be read."""

    name: str
    frame: Frame | None


class NoBurst(Exception):
    """There is no burst here."""


def read_burst(folder: Path) -> list[KeptFrame]:
    """Every picture of a folder; raises ``NoBurst`` when there is none, or more than one burst has."""
    try:
        found = sorted(each for each in folder.iterdir() if each.suffix.lower() in PICTURE_SUFFIXES)
    except OSError as fault:
        raise NoBurst(f"{folder}: {fault.strerror}") from fault
    if not found:
        raise NoBurst(f"{folder}: no pictures")
    if len(found) > MOST_PICTURES:
        raise NoBurst(f"{folder}: {len(found)} pictures, a burst has at most {MOST_PICTURES}")
    return [KeptFrame(each.name, _picture(each)) for each in found]


def _picture(path: Path) -> Frame | None:
    try:
        return read_picture(path)
    except UnreadablePicture:
        return None
