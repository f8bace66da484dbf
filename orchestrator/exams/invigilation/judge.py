"""How one site of a running exam is to be judged: one word, and how urgent it is. Pure."""

from enum import StrEnum

import msgspec

from orchestrator.exams.model import SECOND, Exam, SiteWindow, Stage
from wire.ids import ClockState, ExamState
from wire.messages import ExamProgress

LATE_NS = 5 * SECOND
"""An opening this much after T0 is late, and a site that has not opened by then is."""


class Word(StrEnum):
    """What the board says of a site, the most urgent first."""

    STOPPED = "stopped"
    NEVER = "never"
    SILENT = "silent"
    LATE = "late"
    NO_PAPER = "no_paper"
    OPEN = "open"
    OPEN_LATE = "open_late"
    READY = "ready"
    CLOSED = "closed"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What the centre knows of a site at one instant. `heard_ns`: its last heartbeat, in this centre's life."""

    window: SiteWindow
    told: ExamProgress | None
    linked: bool
    heard_ns: int | None
    clock: ClockState | None
    incidents: int = 0
    proposals: int = 0


def judge(exam: Exam, seen: Seen, now_ns: int) -> Word:
    """The word for a site."""
    window, told = seen.window, seen.told
    if window.closed_ns is not None or (told is not None and told.state is ExamState.CLOSED):
        return Word.CLOSED
    if told is not None and told.stopped:
        return Word.STOPPED
    opened_ns = _opened_ns(seen)
    if not seen.linked:
        heard = seen.heard_ns is not None or opened_ns is not None or window.package == "ready"
        return Word.SILENT if heard else Word.NEVER
    if opened_ns is not None or (told is not None and told.state is ExamState.OPEN):
        return Word.OPEN_LATE if opened_ns is not None and opened_ns > exam.t0_ns + LATE_NS else Word.OPEN
    return _before_opening(exam, told, now_ns)


def _before_opening(exam: Exam, told: ExamProgress | None, now_ns: int) -> Word:
    if now_ns > exam.t0_ns + LATE_NS:
        return Word.LATE
    return Word.NO_PAPER if told is None or told.state is ExamState.MISSING else Word.READY


def late_s(exam: Exam, seen: Seen, now_ns: int) -> int:
    """By how much the site opened late, or is late so far; 0 when it is not."""
    opened_ns = _opened_ns(seen)
    told_open = seen.told is not None and seen.told.state in (ExamState.OPEN, ExamState.CLOSED)
    if opened_ns is None and (told_open or exam.stage in (Stage.DRAFT, Stage.SEALED)):
        return 0
    late_ns = (now_ns if opened_ns is None else opened_ns) - exam.t0_ns
    return late_ns // SECOND if late_ns > LATE_NS else 0


def urgency(word: Word, seen: Seen, *, running: bool) -> int:
    """0 = look here first; larger is calmer. `running`: T0 has passed and the exam is not over."""
    reasons = (
        word is Word.STOPPED,
        word in (Word.LATE, Word.NO_PAPER, Word.NEVER) and running,
        seen.incidents > 0,
        word is Word.SILENT,
        seen.proposals > 0,
        word in (Word.NEVER, Word.NO_PAPER),
        seen.told is not None and seen.told.in_trouble > 0 and word is not Word.CLOSED,
        seen.clock is ClockState.BLIND,
        word is not Word.CLOSED,
    )
    return next((rank for rank, holds in enumerate(reasons) if holds), len(reasons))


def _opened_ns(seen: Seen) -> int | None:
    """The earliest moment that the site may have opened: nobody is called late on a doubt."""
    if seen.window.opened_lo_ns is not None:
        return seen.window.opened_lo_ns
    return seen.told.opened_lo_ns if seen.told is not None else None
