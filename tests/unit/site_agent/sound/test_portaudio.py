"""PortAudio's faults are told in our words, and the device is opened anew each time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from site_agent.sound.port import RATE_HZ, NoSound
from site_agent.sound.portaudio import PortAudio


class PortAudioError(Exception):
    """As the library names its own."""


class Library:
    """sounddevice as far as it is used: devices by kind, what is played is heard."""

    PortAudioError = PortAudioError

    def __init__(self, *devices: str, torn: bool = False) -> None:
        self.devices = set(devices)
        self.torn = torn
        self.begun = 0

    def _terminate(self) -> None:
        pass

    def _initialize(self) -> None:
        self.begun += 1

    def query_devices(self, *, kind: str) -> dict[str, object]:
        if kind not in self.devices:
            raise PortAudioError("Error querying device -1")
        return {"name": f"the {kind}"}

    def playrec(self, played: Any, rate: int, **_: object) -> Any:
        if self.torn:
            raise PortAudioError("Device unavailable")
        return played

    def rec(self, count: int, rate: int, **_: object) -> Any:
        return np.zeros((count, 1), dtype=np.float32)


def test_what_is_played_is_heard_and_the_devices_are_listed_anew() -> None:
    library = Library("input", "output")
    sound = PortAudio(lambda: library)
    played = np.ones(8, dtype=np.float32)
    assert sound.play_and_listen(played).tolist() == played.tolist()
    assert sound.listen(0.5).size == RATE_HZ // 2
    assert sound.name == "the output · the input"
    assert library.begun == 3


@pytest.mark.parametrize(
    ("library", "code"),
    [
        (Library("input"), "no_speaker"),
        (Library("output"), "no_microphone"),
        (Library("input", "output", torn=True), "no_speaker"),
    ],
)
def test_what_is_missing_is_named(library: Library, code: str) -> None:
    with pytest.raises(NoSound) as fault:
        PortAudio(lambda: library).play_and_listen(np.zeros(4, dtype=np.float32))
    assert fault.value.code == code


def test_a_computer_without_portaudio_says_so() -> None:
    def missing() -> Any:
        raise OSError("PortAudio library not found")

    with pytest.raises(NoSound) as fault:
        PortAudio(missing).listen(0.1)
    assert fault.value.code == "no_sound_system"
