"""What the day showed, each figure measured from outside the part that it judges, and whether it held."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from demo.candidates import Sat

SOUND_DBFS = (-35.0, -8.0)
"""The generated lecture speaks at about -20 dBFS; a level outside says that something else was heard."""


class Figures(msgspec.Struct):
    """The JSON of ``demo --check``."""

    sites_online: int = 0
    roll_call_received: int = 0
    exam_opened: int = 0
    answers_acked: int = 0
    answers_lost: int = 0
    frames_decoded: dict[str, int] = {}
    audio_level: dict[str, float | None] = {}
    roll_call_count_error: int = 0
    exam_open_skew_ms: float = 0.0
    marks_match: bool = False
    results_seconds_after_close: float = 0.0
    held: bool = False
    failed: list[str] = []


def judge(figures: Figures, *, sites: int, candidates: int) -> Figures:
    """Say what did not hold. Times are reported only; counts are judged."""
    checks = {
        "sites_online": figures.sites_online == sites,
        "roll_call_received": figures.roll_call_received == sites,
        "roll_call_count_error": figures.roll_call_count_error == 0,
        "exam_opened": figures.exam_opened == sites,
        "answers_acked": figures.answers_acked > 0 or candidates == 0,
        "answers_lost": figures.answers_lost == 0,
        "frames_decoded": len(figures.frames_decoded) == sites and all(figures.frames_decoded.values()),
        "audio_level": len(figures.audio_level) == sites
        and all(
            level is not None and SOUND_DBFS[0] <= level <= SOUND_DBFS[1] for level in figures.audio_level.values()
        ),
        "marks_match": figures.marks_match,
    }
    figures.failed = sorted({*figures.failed, *(name for name, good in checks.items() if not good)})
    figures.held = not figures.failed
    return figures


def key_of(gift: str) -> dict[str, str]:
    """Question text -> text of the right option, read from the demo's own file with nothing of the system's readers."""
    key: dict[str, str] = {}
    for question, body in re.findall(r"^::[^:]*::\s*(.*?)\s*\{(.*?)^\}", gift, re.MULTILINE | re.DOTALL):
        right = re.findall(r"^\s*=(.*?)\s*$", body, re.MULTILINE)
        assert len(right) == 1, question
        key[_plain(question)] = _plain(right[0])
    return key


def _plain(text: str) -> str:
    return re.sub(r"\\([~=#{}:])", r"\1", text).replace(r"\n", "\n").strip()


def expected_marks(sittings: Sequence[Sat], key: Mapping[str, str]) -> dict[str, int]:
    """Roster number -> right answers, from what each candidate chose as it was shown."""
    return {
        sat.slip.number: sum(key.get(choice.text) == choice.option_text for choice in sat.choices) for sat in sittings
    }


def stored_answers(database: Path, exam: str) -> set[tuple[str, str, str]]:
    """(number, item, option) of every answer in the centre's file, read past the centre itself."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT candidate, item, option FROM exam_event WHERE exam = ? AND option IS NOT NULL", (exam,)
        )
        return set(rows)
    finally:
        connection.close()


def lost_answers(sittings: Sequence[Sat], stored: set[tuple[str, str, str]]) -> int:
    """Answers that a candidate saw acknowledged and the centre does not have."""
    return sum(
        (sat.slip.number, choice.item, choice.option) not in stored for sat in sittings for choice in sat.choices
    )


def open_skew_ms(sittings: Sequence[Sat]) -> tuple[int, float]:
    """Sites whose paper arrived, and the largest difference between their first arrivals, on the candidates' clock."""
    first: dict[str, float] = {}
    for sat in sittings:
        if sat.paper_after_s is not None:
            desk = sat.slip.desk_url
            first[desk] = min(first.get(desk, sat.paper_after_s), sat.paper_after_s)
    spread = max(first.values()) - min(first.values()) if first else 0.0
    return len(first), round(spread * 1000, 1)
