"""A short sound that nothing else sounds like, and how to find it in what a microphone heard.

The sound rises from 600 to 3,600 Hz: small loudspeakers play it and small microphones hear it. It is found by its
normalised correlation with what was heard, both limited to that band, so neither loudness nor the hum of a fan counts.
"""

import math

import msgspec
import numpy as np

from site_agent.sound.port import RATE_HZ, Samples

LOW_HZ, HIGH_HZ = 600.0, 3600.0
CHIRP_S = 0.6
BEFORE_S = 0.4
AFTER_S = 1.0
LOUDNESS = 0.5
FLOOR_DBFS = -120.0
_FADE_S = 0.02
_BAND_HZ = (450.0, 4200.0)


class Hearing(msgspec.Struct, frozen=True):
    """What the microphone heard. ``match`` is 0..1, how far the sound was found again; ``delay_ms`` when, after it was
    played; levels are RMS in dBFS: ``level`` where it was found, ``noise`` before it was played; ``peak`` and
    ``clipped`` (share of samples at full scale) of everything."""

    match: float
    delay_ms: float
    level_dbfs: float
    noise_dbfs: float
    peak: float
    clipped: float


def chirp() -> Samples:
    """The sound itself."""
    count = round(CHIRP_S * RATE_HZ)
    t = np.arange(count) / RATE_HZ
    phase = 2 * np.pi * (LOW_HZ * t + (HIGH_HZ - LOW_HZ) / (2 * CHIRP_S) * t**2)
    fade = round(_FADE_S * RATE_HZ)
    shape = np.ones(count)
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(fade) / fade)
    shape[:fade], shape[-fade:] = ramp, ramp[::-1]
    return (LOUDNESS * np.sin(phase) * shape).astype(np.float32)


def to_play() -> Samples:
    """Silence, the sound, and time for it to arrive."""
    return np.concatenate([_silence(BEFORE_S), chirp(), _silence(AFTER_S)])


def hear(heard: Samples) -> Hearing:
    """Look for the sound in what was heard while `to_play` was played."""
    sought = _band(chirp())
    band = _band(heard)
    scores = _matches(band, sought)
    at = int(np.argmax(scores))
    before = band[: round(BEFORE_S * RATE_HZ * 0.9)]
    return Hearing(
        match=round(float(scores[at]), 3),
        delay_ms=round((at / RATE_HZ - BEFORE_S) * 1000, 1),
        level_dbfs=dbfs(band[at : at + sought.size]),
        noise_dbfs=dbfs(before),
        **_extent(heard),
    )


def overhear(heard: Samples) -> Hearing:
    """The levels of what was heard while nothing was played."""
    level = dbfs(heard)
    return Hearing(match=0.0, delay_ms=0.0, level_dbfs=level, noise_dbfs=level, **_extent(heard))


def dbfs(samples: Samples) -> float:
    """RMS relative to a full-scale square wave, at least −120."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if samples.size else 0.0
    return round(max(FLOOR_DBFS, 10 * math.log10(power)), 1) if power > 0 else FLOOR_DBFS


def _extent(heard: Samples) -> dict[str, float]:
    size = np.abs(heard)
    return {
        "peak": round(float(size.max(initial=0.0)), 5),
        "clipped": round(float(np.mean(size >= 0.99)) if heard.size else 0.0, 5),
    }


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), dtype=np.float32)


def _band(samples: Samples) -> Samples:
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(samples.size, 1 / RATE_HZ)
    spectrum[(hertz < _BAND_HZ[0]) | (hertz > _BAND_HZ[1])] = 0
    return np.fft.irfft(spectrum, samples.size).astype(np.float32)


def _matches(heard: Samples, sought: Samples) -> Samples:
    """|correlation| at every place where the sound would fit, over the energies of both: 1 is the sound itself."""
    if heard.size < sought.size:
        return np.zeros(1, dtype=np.float32)
    size = 1 << (heard.size + sought.size).bit_length()
    crossed = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sought, size)), size)
    places = heard.size - sought.size + 1
    energy = np.concatenate([[0.0], np.cumsum(np.square(heard, dtype=np.float64))])
    local = energy[sought.size :] - energy[:places]
    scale = np.sqrt(np.maximum(local, 0.0) * float(np.sum(np.square(sought, dtype=np.float64))))
    # Where nothing sounds there is nothing to divide by, and nothing to find.
    found = np.divide(np.abs(crossed[:places]), scale, out=np.zeros(places), where=scale > 1e-6)
    return np.asarray(np.minimum(found, 1.0), dtype=np.float32)
