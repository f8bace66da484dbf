"""What an exam goes through, as a table, and what is due when. Pure: time comes in as an argument."""

from enum import StrEnum

import msgspec

from orchestrator.exams.choice import Choice, ExamKind
from wire.ids import ClockState, ExamId, PersonId, SiteId
from wire.paper import Plan

SECOND = 1_000_000_000
FINISH_GRACE_S = 5.0
"""After the last moment a late site can still write, time for its upload to arrive."""
AGENT_SLACK_S = 2.0
"""How much later than the end of its window a busy agent may still have taken an answer in good faith."""


class Stage(StrEnum):
    """Where the centre stands with an exam."""

    DRAFT = "draft"
    SEALED = "sealed"
    ARMED = "armed"
    RELEASED = "released"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    MARKED = "marked"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What moves an exam: people order some steps (`ORDERS`), time and the sites bring the others."""

    SEAL = "seal"
    ARM = "arm"
    RELEASE = "release"
    OPEN = "open"
    CLOSE = "close"
    FINISH = "finish"
    MARK = "mark"
    PUBLISH = "publish"
    CANCEL = "cancel"
    MOVE = "move"
    SWITCH = "switch"


ORDERS = frozenset({Action.SEAL, Action.ARM, Action.CANCEL, Action.MARK, Action.PUBLISH})

TRANSITIONS: dict[Stage, dict[Action, Stage]] = {
    Stage.DRAFT: {Action.SEAL: Stage.SEALED, Action.CANCEL: Stage.CANCELLED},
    Stage.SEALED: {Action.ARM: Stage.ARMED, Action.MOVE: Stage.SEALED, Action.CANCEL: Stage.CANCELLED},
    Stage.ARMED: {
        Action.RELEASE: Stage.RELEASED,
        Action.OPEN: Stage.OPEN,
        Action.MOVE: Stage.ARMED,
        Action.SWITCH: Stage.ARMED,
        Action.CANCEL: Stage.CANCELLED,
    },
    Stage.RELEASED: {Action.OPEN: Stage.OPEN, Action.SWITCH: Stage.RELEASED, Action.CANCEL: Stage.CANCELLED},
    Stage.OPEN: {Action.CLOSE: Stage.CLOSING, Action.SWITCH: Stage.RELEASED, Action.CANCEL: Stage.CANCELLED},
    Stage.CLOSING: {Action.FINISH: Stage.CLOSED},
    Stage.CLOSED: {Action.MARK: Stage.MARKED},
    Stage.MARKED: {Action.MARK: Stage.MARKED, Action.PUBLISH: Stage.PUBLISHED},
    Stage.PUBLISHED: {Action.MARK: Stage.MARKED},
    Stage.CANCELLED: {},
}

RUNNING = frozenset({Stage.ARMED, Stage.RELEASED, Stage.OPEN, Stage.CLOSING, Stage.CLOSED})
"""Stages in which time moves the exam on."""
SECRET_OUT = frozenset({Stage.RELEASED, Stage.OPEN, Stage.CLOSING})
"""Stages in which a site that links late still gets the release secret."""
KEY_HELD = frozenset({Stage.SEALED, Stage.ARMED, *SECRET_OUT})
"""Stages in which no key of the bank leaves the centre: a sealed paper may ask any of its questions."""
KEY_FREE = frozenset({Stage.CLOSED, Stage.MARKED, Stage.PUBLISHED})
"""Stages in which results may be seen: no site writes any more."""


class IllegalStep(Exception):
    """An action that the table does not know in this stage; nothing changed."""

    def __init__(self, stage: Stage, action: Action) -> None:
        super().__init__(f"{action} is not possible while {stage}")
        self.stage = stage
        self.action = action


class Releasing(msgspec.Struct, frozen=True):
    """How an exam gets out. `reserve`: it has a reserve paper, whose secret is `reserve_sealed`, encrypted at rest, or
    with the officers (None). `switched_ns`: the reserve was ordered then and opens at `opens_ns`, which
    `switch_signature` vouches for. `spares`: sites without a school that are prepared too."""

    manifest_version: int = 1
    reserve_sealed: bytes | None = None
    switched_ns: int | None = None
    opens_ns: int | None = None
    switch_signature: bytes | None = None
    spares: int = 0
    reserve: bool = False


class Exam(msgspec.Struct, frozen=True):
    """One exam as the centre keeps it. `sites` is who sits it; times in nanoseconds of centre time, leads in seconds.

    `version` grows with every step and guards each write; `seed` fixes choice and order of the questions;
    `manifest` and `signature` stand from sealing on, `release_sealed` is the release secret encrypted at rest;
    `choice` says which questions are drawn.
    """

    id: ExamId
    title: str
    stage: Stage
    version: int
    t0_ns: int
    duration_s: int
    plan: Plan
    questions: int
    codes: int
    sites: tuple[SiteId, ...]
    seed: bytes
    created_ns: int
    who: PersonId | None = None
    manifest: bytes | None = None
    signature: bytes | None = None
    release_sealed: bytes | None = None
    kind: ExamKind = ExamKind.EXAM
    choice: Choice = Choice()
    releasing: Releasing = Releasing()

    @property
    def secret_sealed(self) -> bytes | None:
        """The secret of the paper in force, encrypted at rest; None while only officers have it."""
        return self.release_sealed if self.releasing.switched_ns is None else self.releasing.reserve_sealed


class SiteWindow(msgspec.Struct, frozen=True):
    """What the centre knows of an exam at one site. `package`: missing, sent, ready; `extra_s`: the most extra
    time that anybody there may still use, seconds; `reserve_read_ns`: when the reserve code was read out to it."""

    site: SiteId
    package: str = "missing"
    opened_lo_ns: int | None = None
    opened_hi_ns: int | None = None
    clock: str | None = None
    closed_ns: int | None = None
    extra_s: int = 0
    reserve_read_ns: int | None = None


def after(stage: Stage, action: Action) -> Stage:
    """The stage that follows; raises `IllegalStep`."""
    try:
        return TRANSITIONS[stage][action]
    except KeyError:
        raise IllegalStep(stage, action) from None


def ends_ns(exam: Exam) -> int:
    """When a site that opened on time closes."""
    return exam.t0_ns + exam.duration_s * SECOND


def due(exam: Exam, windows: tuple[SiteWindow, ...] = ()) -> tuple[Action, int] | None:
    """The next step that time brings, and when (it may have passed); None when only people move this exam."""
    match exam.stage:
        case Stage.ARMED if exam.secret_sealed is None:
            # The officers' codes open the sites by telephone; what was left to us is to follow.
            step = Action.OPEN, exam.t0_ns
        case Stage.ARMED:
            step = Action.RELEASE, exam.t0_ns - _ns(exam.plan.release_lead_s)
        case Stage.RELEASED:
            step = Action.OPEN, exam.t0_ns
        case Stage.OPEN:
            step = Action.CLOSE, ends_ns(exam)
        case Stage.CLOSING:
            step = Action.FINISH, _finish_ns(exam, windows)
        case Stage.CLOSED:
            step = Action.MARK, 0
        case _:
            return None
    return step


def _finish_ns(exam: Exam, windows: tuple[SiteWindow, ...]) -> int:
    if all(nothing_to_come(window) for window in windows):
        return ends_ns(exam)
    through = max(_through_ns(exam, window) for window in windows if not nothing_to_come(window))
    return through + _ns(exam.plan.upload_jitter_s + FINISH_GRACE_S)


def _through_ns(exam: Exam, window: SiteWindow) -> int:
    """When a site that has not closed is through at the latest. One that the reserve code was read out to after the
    cap has as long again to type it."""
    latest = max(exam.t0_ns, window.reserve_read_ns or 0) + _ns(exam.plan.late_cap_s)
    return latest + (exam.duration_s + window.extra_s) * SECOND


def nothing_to_come(window: SiteWindow) -> bool:
    """Whether a site is through: it closed, or it never had a package to open."""
    return window.closed_ns is not None or (window.package == "missing" and window.opened_hi_ns is None)


def window_ends_ns(exam: Exam, window: SiteWindow, extra_s: int = 0) -> int | None:
    """Last moment an answer of this site counts by itself: the full length from its own opening, and the time its
    agent may need to notice. None where the site had no clock or the opening is not known: only its agent can tell."""
    if window.opened_hi_ns is None or window.clock in (None, ClockState.BLIND):
        return None
    return max(exam.t0_ns, window.opened_hi_ns) + (exam.duration_s + extra_s) * SECOND + _ns(AGENT_SLACK_S)


def _ns(seconds: float) -> int:
    return round(seconds * SECOND)
