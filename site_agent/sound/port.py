"""The port: play something and hear what the microphone hears meanwhile."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Mono, −1…1."""

RATE_HZ = 48_000


class NoSound(Exception):
    """There is nothing to hear with or to play on. ``code``: `no_sound_system`, `no_speaker`, `no_microphone`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class SoundSystem(Protocol):
    """Loudspeaker and microphone. Adapters: `PortAudio` (the computer's own) and `FolderSound` (a room of files)."""

    @property
    def name(self) -> str:
        """Names of the devices, for a person."""
        ...

    def play_and_listen(self, played: Samples) -> Samples:
        """Play at `RATE_HZ` and return what was heard from its first sample on, equally long. Blocks; belongs to a
        worker thread. Raises `NoSound`."""
        ...

    def listen(self, seconds: float) -> Samples:
        """Only hear. Blocks; raises `NoSound`."""
        ...
