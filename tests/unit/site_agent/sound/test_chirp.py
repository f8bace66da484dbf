"""The sound that is sought in what a microphone heard, under noise, echo and silence."""

from __future__ import annotations

import numpy as np
import pytest

from site_agent.readiness.judging.sound import CLEAR_FROM, HEARD_FROM
from site_agent.sound.chirp import BEFORE_S, hear, overhear, to_play
from site_agent.sound.port import RATE_HZ, Samples


def noise(level: float, seed: int = 1) -> Samples:
    return (np.random.default_rng(seed).standard_normal(to_play().size) * level).astype(np.float32)


def late(samples: Samples, ms: float) -> Samples:
    count = round(ms * RATE_HZ / 1000)
    return np.concatenate([np.zeros(count, dtype=np.float32), samples[: samples.size - count]])


def echoing(samples: Samples, tail_s: float = 0.5) -> Samples:
    """A room whose echo is as strong as what comes straight."""
    count = round(tail_s * RATE_HZ)
    tail = np.random.default_rng(3).standard_normal(count) * np.exp(-6.9 * np.arange(count) / count)
    tail /= np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    size = 1 << 18
    return np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size))[: samples.size].astype(np.float32)


def test_the_sound_is_found_where_it_is_and_when_it_came() -> None:
    hearing = hear(late(to_play() * np.float32(0.1), 80.0) + noise(1e-3))
    assert hearing.match > 0.95
    assert hearing.delay_ms == pytest.approx(80.0, abs=1.0)
    assert hearing.level_dbfs > hearing.noise_dbfs + 20


def test_it_is_clear_in_a_room_that_echoes_with_a_fan_in_it() -> None:
    assert hear(echoing(to_play() * np.float32(0.05)) + noise(2e-3)).match > CLEAR_FROM


@pytest.mark.parametrize("seed", range(12))
def test_noise_alone_is_never_taken_for_it(seed: int) -> None:
    assert hear(noise(0.05, seed)).match < HEARD_FROM


@pytest.mark.parametrize("hertz", [50.0, 440.0, 1000.0, 2500.0])
def test_nor_is_a_tone(hertz: float) -> None:
    tone = 0.3 * np.sin(2 * np.pi * hertz * np.arange(to_play().size) / RATE_HZ)
    assert hear(tone.astype(np.float32)).match < HEARD_FROM


def test_silence_has_nothing_in_it() -> None:
    hearing = hear(np.zeros(to_play().size, dtype=np.float32))
    assert (hearing.match, hearing.peak, hearing.level_dbfs) == (0.0, 0.0, -120.0)


def test_what_is_too_short_to_hold_it_holds_it_not() -> None:
    assert hear(np.zeros(100, dtype=np.float32)).match == 0.0


def test_overheard_levels_say_how_loud_the_room_is() -> None:
    hearing = overhear(np.clip(noise(0.1), -1, 1))
    assert hearing.level_dbfs == pytest.approx(-20.0, abs=0.5)
    assert hearing.clipped == 0.0


def test_it_begins_after_some_silence_by_which_the_room_is_measured() -> None:
    assert not to_play()[: round(BEFORE_S * RATE_HZ)].any()
