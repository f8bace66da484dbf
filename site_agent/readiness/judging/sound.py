"""Loudspeaker and microphone, by what was heard while a known sound was played, or while nothing was.

Levels: a class-room microphone hears speech at −45 to −20 dBFS. Match: 50 recordings of noise alone stayed below 0.08;
the sound in a room with much echo reaches 0.19, in a usual one 0.3 to 0.7.
"""

from site_agent.readiness.judging.said import bad, good, waiting, weak
from site_agent.sound.chirp import Hearing
from wire.readiness import Check, CheckName

SILENT_PEAK = 1e-4
CLIPPED_SHARE = 1e-3
HEARD_FROM = 0.12
CLEAR_FROM = 0.2
QUIET_DBFS = -55.0
NOISY_DBFS = -25.0


def judge_microphone(hearing: Hearing, *, played: bool, note: str = "") -> Check:
    """The microphone. ``played``: whether there was a sound to be heard, so that a low level says something."""
    name = CheckName.MICROPHONE
    figures = {"level_dbfs": hearing.level_dbfs, "noise_dbfs": hearing.noise_dbfs, "peak": hearing.peak}
    if hearing.peak < SILENT_PEAK:
        return bad(name, "silent", figures, note)
    if hearing.clipped > CLIPPED_SHARE:
        return weak(name, "clipping", figures, note)
    if hearing.noise_dbfs > NOISY_DBFS:
        return weak(name, "noisy", figures, note)
    if played and hearing.match >= HEARD_FROM and hearing.level_dbfs < QUIET_DBFS:
        return weak(name, "quiet", figures, note)
    return good(name, figures, note)


def judge_speaker(hearing: Hearing, *, note: str = "") -> Check:
    """The loudspeaker, as the microphone heard it."""
    name = CheckName.SPEAKER
    figures = {"match": hearing.match, "delay_ms": hearing.delay_ms, "level_dbfs": hearing.level_dbfs}
    if hearing.peak < SILENT_PEAK:
        return waiting(name, "microphone_first", figures, note)
    if hearing.match < HEARD_FROM:
        return bad(name, "not_heard", figures, note)
    return good(name, figures, note) if hearing.match >= CLEAR_FROM else weak(name, "faint", figures, note)


def judge_no_sound(code: str, note: str = "") -> list[Check]:
    """Both, when there is nothing to play on or to hear with. ``code`` is that of `NoSound`."""
    microphone, speaker = CheckName.MICROPHONE, CheckName.SPEAKER
    if code == "no_microphone":
        return [bad(microphone, code, note=note), waiting(speaker, "microphone_first")]
    if code == "no_speaker":
        return [bad(speaker, code, note=note)]
    return [bad(microphone, "no_sound_system", note=note), bad(speaker, "no_sound_system", note=note)]
