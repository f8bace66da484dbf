"""Samples of both tracks on one line of ticks, until they become a fragment. Pure.

A line counts 90000 ticks a second from the beginning of a session's recording; sound has 48000 of its own.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from orchestrator.media.recorder.mp4 import AUDIO, AUDIO_RATE, VIDEO, VIDEO_RATE, Run, Sample, VideoHead

USUAL = VIDEO_RATE // 30
"""A picture's length when nothing is known of the next."""
LONGEST = 10 * VIDEO_RATE
BEHIND = AUDIO_RATE
"""Sound that is so far behind the picture will not come: silence takes its place."""
FILL_LIMIT = 30 * AUDIO_RATE
_FILLERS = ((960, b"\xf8\xff\xfe"), (480, b"\xf0\xff\xfe"), (240, b"\xe8\xff\xfe"), (120, b"\xe0\xff\xfe"))
"""Silences of 20, 10, 5 and 2.5 ms."""


def sound_ticks(ticks: int) -> int:
    """Ticks of the line in samples of sound."""
    return ticks * AUDIO_RATE // VIDEO_RATE


def line_ticks(samples: int) -> int:
    """The inverse, rounded up: what is counted lies within."""
    return -(-samples * VIDEO_RATE // AUDIO_RATE)


class Picture(Protocol):
    """A whole picture of whatever codec."""

    @property
    def timestamp(self) -> int: ...

    @property
    def key(self) -> bool: ...

    def sample(self) -> bytes:
        """As a file stores it."""
        ...

    def head(self) -> VideoHead | None:
        """What the head of a file says that may begin with it."""
        ...


class _Waiting(msgspec.Struct, frozen=True):
    at: int
    data: bytes
    key: bool
    since: float


class Gathering:
    """What is to be written next. ``now`` of the monotonic clock, in seconds."""

    def __init__(self, starts: int) -> None:
        self._pictures: list[_Waiting] = []
        self._sounds: list[Sample] = []
        self._sounds_from = self._sounds_end = sound_ticks(starts)
        self._last_picture = starts - 1
        self._length = USUAL
        self._since: float | None = None
        self.end = starts
        """Of all that was given out, in ticks of the line."""
        self.silences = 0

    def picture(self, ticks: int, picture: Picture, now: float) -> None:
        """A picture for a moment of the line; one that would stand before its forerunner stands just after it."""
        at = max(self._last_picture + 1, ticks)
        self._last_picture = at
        self._pictures.append(_Waiting(at, picture.sample(), picture.key, now))
        self._since = now if self._since is None else self._since

    def sound(self, ticks: int, payload: bytes, samples: int, now: float) -> None:
        """A packet of sound for a moment of the line. What is missing before it is silence."""
        starts = sound_ticks(ticks)
        if starts + samples // 2 < self._sounds_end:
            return  # silence took its place already
        self._fill(starts)
        self._append(Sample(payload, samples), now)

    def keep_up(self, now: float) -> None:
        """Silence for sound that does not come while pictures do."""
        behind = sound_ticks(self._last_picture) - self._sounds_end
        if behind > BEHIND and self._pictures:
            self._fill(self._sounds_end + behind - BEHIND // 2)
            self._since = now if self._since is None else self._since

    def _fill(self, until: int) -> None:
        until = min(until, self._sounds_end + FILL_LIMIT)
        for samples, silence in _FILLERS:
            while until - self._sounds_end >= samples:
                self._sounds.append(Sample(silence, samples))
                self._sounds_end += samples
                self.silences += 1

    def _append(self, sample: Sample, now: float) -> None:
        self._sounds.append(sample)
        self._sounds_end += sample.duration
        self._since = now if self._since is None else self._since

    def age(self, now: float) -> float:
        """Since when the oldest waits, in seconds."""
        return 0.0 if self._since is None else now - self._since

    def take(self, now: float, *, hold_s: float) -> list[Run]:
        """Everything that waits, but for the last picture while it is younger than ``hold_s``: how long it lasts, the
        next one tells. Empty when there is nothing."""
        held: list[_Waiting] = []
        if self._pictures and now - self._pictures[-1].since < hold_s:
            held = [self._pictures.pop()]
        runs = self._runs(held[0].at if held else None)
        self._pictures = held
        self._since = held[0].since if held else None
        return runs

    def take_before_key(self) -> list[Run]:
        """All that came before the picture that was given last, which begins a fragment of its own."""
        key = self._pictures.pop()
        runs = self._runs(key.at)
        self._pictures, self._since = [key], key.since
        return runs

    def _runs(self, next_at: int | None) -> list[Run]:
        runs = []
        if self._pictures:
            runs.append(self._video_run(next_at))
        if self._sounds:
            runs.append(Run(AUDIO, self._sounds_from, self._sounds))
            self.end = max(self.end, line_ticks(self._sounds_end))
            self._sounds, self._sounds_from = [], self._sounds_end
        return runs

    def _video_run(self, next_at: int | None) -> Run:
        rows, waiting = [], self._pictures
        for index, one in enumerate(waiting):
            follows = waiting[index + 1].at if index + 1 < len(waiting) else next_at
            length = self._length if follows is None else follows - one.at
            if length <= VIDEO_RATE:
                self._length = length
            rows.append(Sample(one.data, min(length, LONGEST), one.key))
        self.end = max(self.end, waiting[-1].at + rows[-1].duration)
        self._pictures = []
        return Run(VIDEO, waiting[0].at, rows)
