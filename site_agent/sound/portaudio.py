"""The computer's own sound through PortAudio: ALSA, PulseAudio and PipeWire on Linux, MME and WASAPI on Windows."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from site_agent.sound.port import RATE_HZ, NoSound, Samples

_LATENCY = "high"
"""An old computer that counts people meanwhile must not tear the sound."""


def _library() -> Any:
    # Importing looks for PortAudio itself, which a computer without sound need not have.
    import sounddevice

    return sounddevice


class PortAudio:
    """A SoundSystem over the default devices."""

    def __init__(self, load: Callable[[], Any] = _library) -> None:
        self._load = load
        self._one_at_a_time = threading.Lock()

    @property
    def name(self) -> str:
        try:
            library = self._opened()
            devices = [self._device(library, kind) for kind in ("output", "input")]
        except NoSound as fault:
            return fault.code
        return " · ".join(dict.fromkeys(devices))

    def play_and_listen(self, played: Samples) -> Samples:
        with self._one_at_a_time:
            library = self._opened()
            for kind in ("output", "input"):
                self._device(library, kind)
            try:
                heard = library.playrec(
                    played.reshape(-1, 1), RATE_HZ, channels=1, dtype="float32", blocking=True, latency=_LATENCY
                )
            except library.PortAudioError as fault:
                raise NoSound("no_speaker", str(fault)) from fault
            return np.asarray(heard, dtype=np.float32).ravel()

    def listen(self, seconds: float) -> Samples:
        with self._one_at_a_time:
            library = self._opened()
            self._device(library, "input")
            try:
                heard = library.rec(
                    round(seconds * RATE_HZ), RATE_HZ, channels=1, dtype="float32", blocking=True, latency=_LATENCY
                )
            except library.PortAudioError as fault:
                raise NoSound("no_microphone", str(fault)) from fault
            return np.asarray(heard, dtype=np.float32).ravel()

    def _opened(self) -> Any:
        """The library with the devices as they are now: PortAudio lists them once, and one may have been plugged in."""
        try:
            library = self._load()
            library._terminate()
            library._initialize()
        except (OSError, ImportError) as fault:
            raise NoSound("no_sound_system", str(fault)) from fault
        except Exception as fault:
            if type(fault).__name__ != "PortAudioError":
                raise
            raise NoSound("no_sound_system", str(fault)) from fault
        return library

    def _device(self, library: Any, kind: str) -> str:
        try:
            return str(library.query_devices(kind=kind)["name"])
        except (ValueError, library.PortAudioError) as fault:
            raise NoSound("no_speaker" if kind == "output" else "no_microphone", str(fault)) from fault
