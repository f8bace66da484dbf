"""What an exam goes through, as a table, and what is due when. Pure: time comes in as an argument."""

from enum import StrEnum

import msgspec

from orchestrator.exams.choice import Choice, ExamKind
from wire.exam_fairness import CANDIDATE_LIMIT_S, SITE_LIMIT_S
from wire.ids import ClockState, ExamId, PersonId, SiteId
from wire.messages import NEVER_NS
from wire.paper import Plan

SECOND = 1_000_000_000
FINISH_GRACE_S = 5.0
"""After the last moment a late site can still write, time for its upload to arrive."""
UNTOLD_GRANTS_S = SITE_LIMIT_S + CANDIDATE_LIMIT_S
"""The most that a site may have given one person at its desk without the centre having heard of it."""
UNDO_S = 30
"""So long after a person closed the last site by protocol that may still be taken back."""
UNTOLD_STOP_S = 30 * 60
"""How long a fire alarm or a power cut is counted that a site has not told of."""
STOPPED_S = 24 * 3600
"""A site whose clock is known to stand may need any time."""
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
    time that anybody there may still use, seconds, `STOPPED_S` while its clock stands; `reserve_read_ns`: when the
    reserve code was read out to it, and to it alone; `given_up_ns`: when a person closed it by protocol; `candidates`:
    of the roster and moved there, None where nobody asked."""

    site: SiteId
    package: str = "missing"
    opened_lo_ns: int | None = None
    opened_hi_ns: int | None = None
    clock: str | None = None
    closed_ns: int | None = None
    extra_s: int = 0
    reserve_read_ns: int | None = None
    given_up_ns: int | None = None
    candidates: int | None = None


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
            step = Action.FINISH, finish_ns(exam, windows)
        case Stage.CLOSED:
            step = Action.MARK, 0
        case _:
            return None
    return step


def finish_ns(exam: Exam, windows: tuple[SiteWindow, ...]) -> int:
    """When the key is free: no site can still be writing, and what was written has had time to arrive."""
    awaited = [window for window in windows if not nothing_to_come(exam, window)]
    given_up = [window.given_up_ns or 0 for window in windows if not is_closed(window) and is_given_up(exam, window)]
    undone = max(given_up, default=0) + UNDO_S * SECOND
    if not awaited:
        return max(ends_ns(exam), undone if given_up else 0)
    through = max(through_ns(exam, window) for window in awaited)
    return through + _ns(exam.plan.upload_jitter_s + FINISH_GRACE_S)


def through_ns(exam: Exam, window: SiteWindow) -> int:
    """When a site that has not told its closing is through at the latest.

    It may have opened as late as the plan lets it, where its opening is not known, and given itself all that it may
    give without being asked; none of that need have reached the centre. One that the reserve code was read out to has
    as long again to type it. What nobody can bound is counted as far as is reasonable: a stopped clock or a power cut
    that the site has not told of as half an hour. A site without the time that types its code after the cap and does
    not tell is not covered, nor is a silent one whose clock stood for longer: they are asked by telephone. A rehearsal
    has no key worth waiting for: what a site may give itself is left out.
    """
    begun = known_begin_ns(exam, window)
    told = window.reserve_read_ns is None and exam.t0_ns <= (window.opened_hi_ns or 0) < NEVER_NS
    cap = max(exam.t0_ns, window.reserve_read_ns or 0) + _ns(exam.plan.late_cap_s)
    latest = begun if told else max(begun, cap)
    untold_s = 0 if exam.kind is ExamKind.REHEARSAL else UNTOLD_GRANTS_S + UNTOLD_STOP_S
    return latest + (exam.duration_s + window.extra_s + untold_s) * SECOND


def known_begin_ns(exam: Exam, window: SiteWindow) -> int:
    """The latest beginning that the centre knows of at a site: T0, its opening, the reserve code read out to it."""
    opened = window.opened_hi_ns or 0
    return max(exam.t0_ns, 0 if opened >= NEVER_NS else opened, window.reserve_read_ns or 0)


def may_give_up_ns(exam: Exam, window: SiteWindow) -> int:
    """From when a site that is silent may be closed by protocol: its own end as the centre knows it, of a site whose
    opening is not known the exam's; with the extra time known, but for a clock that stands."""
    known_s = 0 if window.extra_s >= STOPPED_S else window.extra_s
    return known_begin_ns(exam, window) + (exam.duration_s + known_s) * SECOND


def is_closed(window: SiteWindow) -> bool:
    """Whether a site has told its closing, and was not given the reserve paper after it."""
    return window.closed_ns is not None and window.closed_ns > (window.reserve_read_ns or 0)


def is_given_up(exam: Exam, window: SiteWindow) -> bool:
    """Whether a person closed the site by protocol after its own end: not where it has told since that it opened later
    than was known, or gave more time."""
    return window.given_up_ns is not None and window.given_up_ns >= may_give_up_ns(exam, window)


def nothing_to_come(exam: Exam, window: SiteWindow) -> bool:
    """Whether results wait for a site no more: it closed, a person closed it by protocol, it never had a package to
    open, or nobody is to sit there and the centre heard of no opening (a stranger with a paper needs the line)."""
    unopened = window.opened_hi_ns is None and window.reserve_read_ns is None
    never = unopened and (window.package == "missing" or window.candidates == 0)
    return is_closed(window) or never or is_given_up(exam, window)


def window_ends_ns(exam: Exam, window: SiteWindow, extra_s: int = 0) -> int | None:
    """Last moment an answer of this site counts by itself: the full length from its own opening, and the time its
    agent may need to notice. None where the site had no clock or the opening is not known: only its agent can tell."""
    if window.opened_hi_ns is None or window.clock in (None, ClockState.BLIND):
        return None
    return max(exam.t0_ns, window.opened_hi_ns) + (exam.duration_s + extra_s) * SECOND + _ns(AGENT_SLACK_S)


def _ns(seconds: float) -> int:
    return round(seconds * SECOND)
