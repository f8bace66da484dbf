import numpy as np
import pytest

from demo.lecture import SAMPLE_RATE, LectureSettings, speaking_tone
from site_agent.lecture.level import FLOOR_DBFS, LevelMeter


def test_no_sound_has_no_level() -> None:
    assert LevelMeter().dbfs() is None


def test_digital_silence_is_at_the_floor() -> None:
    meter = LevelMeter()
    meter.add(np.zeros(960, np.int16), SAMPLE_RATE)
    assert meter.dbfs() == FLOOR_DBFS


def test_a_full_scale_square_wave_is_zero_and_half_of_it_is_six_below() -> None:
    for peak, level in ((32767, 0.0), (16384, -6.0)):
        meter = LevelMeter()
        meter.add(np.tile(np.array([peak, -peak], np.int16), 480), SAMPLE_RATE)
        assert meter.dbfs() == pytest.approx(level, abs=0.05)


def test_sound_older_than_a_second_is_forgotten() -> None:
    meter = LevelMeter()
    for _ in range(50):
        meter.add(np.full(960, 8000, np.int16), SAMPLE_RATE)
    for _ in range(50):
        meter.add(np.zeros(960, np.int16), SAMPLE_RATE)
    assert meter.dbfs() == FLOOR_DBFS


def test_the_lecture_speaks_at_the_level_it_promises_in_every_quarter_of_a_second() -> None:
    tone = speaking_tone(LectureSettings(seconds=3, tone_dbfs=-20.0))
    assert np.abs(tone).max() < 1
    for quarter in np.split(tone, 12):
        meter = LevelMeter()
        meter.add((quarter * 32767).astype(np.int16), SAMPLE_RATE)
        assert meter.dbfs() == pytest.approx(-20.0, abs=0.2)
