"""Images of the chosen questions, small enough together for a paper. Pure but for the decoding."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from orchestrator.exams.bank import Image
from orchestrator.exams.importing.images import shrunk
from orchestrator.exams.papers import Stored
from wire.paper import MAX_PICTURE_BYTES, Picture

SMALLEST = 4_000
"""No image is shrunk below this many bytes."""


def pictured(chosen: Sequence[Stored], held: Mapping[str, Image]) -> list[Stored]:
    """The questions with their images, all of them together at most `MAX_PICTURE_BYTES`; the largest give way first."""
    wanted = {name: held[name] for question in chosen for name in question.images if name in held}
    fitted = {name: picture_of(image) for name, image in fitting(wanted, MAX_PICTURE_BYTES).items()}
    return [
        msgspec.structs.replace(one, pictures=tuple(fitted[name] for name in one.images if name in fitted))
        for one in chosen
    ]


def fitting(wanted: Mapping[str, Image], most: int) -> dict[str, Image]:
    """The images, those above a fair share of `most` bytes shrunk to it."""
    sizes = sorted(len(image.content) for image in wanted.values())
    if sum(sizes) <= most:
        return dict(wanted)
    share = _share(sizes, most)
    return {name: shrunk(image, max(SMALLEST, share)) for name, image in wanted.items()}


def _share(sizes: Sequence[int], most: int) -> int:
    """The largest bound under which all sizes together stay within `most`."""
    left = most
    for place, size in enumerate(sizes):
        fair = left // (len(sizes) - place)
        if size > fair:
            return fair
        left -= size
    return most


def picture_of(image: Image) -> Picture:
    """An image as a paper carries it."""
    name = hashlib.sha256(image.content).hexdigest()[:16]
    return Picture(name, image.media, image.width, image.height, image.content)
