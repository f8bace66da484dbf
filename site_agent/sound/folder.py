"""A room of files in place of loudspeaker and microphone, for rehearsing faults and for tests.

The folder holds `room.json` (all keys may be left out) and, if it is there, `room.wav` (mono, 16 bit, 48 kHz), what the
microphone hears of the room itself, over and over. Both are read anew at each use.
"""

import wave
from pathlib import Path

import msgspec
import numpy as np

from site_agent.sound.port import RATE_HZ, NoSound, Samples
from wire.unreadable import UNREADABLE

SETTINGS, ROOM = "room.json", "room.wav"
_HISS = 2e-4


class RoomOfFiles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`room.json`: what is plugged in, whether the microphone is muted, how loud (dB) and how late (ms) the loudspeaker
    arrives at it."""

    speaker: bool = True
    microphone: bool = True
    muted: bool = False
    gain_db: float = -12.0
    delay_ms: float = 40.0


class FolderSound:
    """A SoundSystem made of files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        return self._folder.name

    def play_and_listen(self, played: Samples) -> Samples:
        room = self._room()
        if not room.speaker:
            raise NoSound("no_speaker", "there is none in the folder")
        heard = self._heard(room, played.size)
        late = min(played.size, round(room.delay_ms * RATE_HZ / 1000))
        if not room.muted:
            heard[late:] += played[: played.size - late] * 10 ** (room.gain_db / 20)
        return np.clip(heard, -1.0, 1.0).astype(np.float32)

    def listen(self, seconds: float) -> Samples:
        return self._heard(self._room(), round(seconds * RATE_HZ))

    def _room(self) -> RoomOfFiles:
        path = self._folder / SETTINGS
        try:
            return msgspec.json.decode(path.read_bytes(), type=RoomOfFiles) if path.is_file() else RoomOfFiles()
        except (OSError, *UNREADABLE) as fault:
            raise NoSound("no_sound_system", f"{path}: {fault}") from fault

    def _heard(self, room: RoomOfFiles, count: int) -> Samples:
        if not room.microphone:
            raise NoSound("no_microphone", "there is none in the folder")
        if room.muted:
            return np.zeros(count, dtype=np.float32)
        hiss = np.random.default_rng(count).standard_normal(count).astype(np.float32) * np.float32(_HISS)
        path = self._folder / ROOM
        return hiss + np.resize(_read(path), count) if path.is_file() else hiss


def _read(path: Path) -> Samples:
    try:
        with wave.open(str(path), "rb") as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE_HZ):
                raise NoSound("no_sound_system", f"{path}: mono, 16 bit, {RATE_HZ} Hz is wanted")
            octets = file.readframes(file.getnframes())
    except (OSError, wave.Error, EOFError) as fault:
        raise NoSound("no_sound_system", f"{path}: {fault}") from fault
    return (np.frombuffer(octets, dtype="<i2").astype(np.float32) / 32768).astype(np.float32)
