"""Whether a camera that still gives pictures gives one picture over and over, seen at the owner's looks.

A live camera's noise makes no two frames equal. A driver may hand out one frame twice, and a folder of a few pictures
comes round: frozen is only what was equal at several looks, seconds apart, and in the frame after the last of them too.
"""

from hashlib import blake2b

import numpy as np

from site_agent.camera.frames import Frame

EQUAL_LOOKS = 3


class FrozenWatch:
    """Fed by the capture thread."""

    def __init__(self) -> None:
        self._last = b""
        self._equal = 1
        self.is_frozen = False
        self.wants_next = False
        """Whether the very next frame is to be shown to ``next``."""

    def look(self, frame: Frame) -> None:
        """A look, seconds after the one before."""
        mark = _mark(frame)
        self._equal = self._equal + 1 if mark == self._last else 1
        self._last = mark
        self.wants_next = self._equal >= EQUAL_LOOKS
        self.is_frozen = self.is_frozen and self.wants_next

    def next(self, frame: Frame) -> None:
        """The frame right after a look."""
        self.wants_next = False
        self.is_frozen = _mark(frame) == self._last


def _mark(frame: Frame) -> bytes:
    return blake2b(np.ascontiguousarray(frame).tobytes(), digest_size=16).digest()
