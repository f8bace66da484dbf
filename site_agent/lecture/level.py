"""The level of decoded sound."""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

WINDOW_S = 1.0
FLOOR_DBFS = -120.0
FULL_SCALE = 32768.0


class LevelMeter:
    """RMS of 16-bit samples over about the last second, relative to full scale (a full-scale square wave is 0 dBFS,
    as dBov in RFC 6464)."""

    def __init__(self) -> None:
        self._blocks: deque[tuple[float, int]] = deque()
        self._samples = 0

    def add(self, samples: NDArray[np.int16], rate_hz: int) -> None:
        """Take one block; rate_hz counts all channels' samples together."""
        flat = samples.ravel().astype(np.float64)
        self._blocks.append((float(flat @ flat), flat.size))
        self._samples += flat.size
        while self._samples - self._blocks[0][1] >= rate_hz * WINDOW_S:
            self._samples -= self._blocks.popleft()[1]

    def dbfs(self) -> float | None:
        """The level, at least FLOOR_DBFS; None before the first block."""
        if not self._samples:
            return None
        power = sum(energy for energy, _ in self._blocks) / self._samples / FULL_SCALE**2
        return round(max(FLOOR_DBFS, 10 * math.log10(power)), 1) if power > 0 else FLOOR_DBFS

    def clear(self) -> None:
        """Forget everything: no sound arrives any more."""
        self._blocks.clear()
        self._samples = 0
