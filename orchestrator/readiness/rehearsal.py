"""A rehearsal: a simulated start that sites look at, open at by their own clock, and report. Pure.

Its order goes out an hour before the simulated start, so that there is practice, and to whoever links later until it
ends. A practice is the rehearsal that every session or exam day brings by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from orchestrator.errors import Refused
from orchestrator.readiness.model import PRACTICE_NS, SECOND, Judgement
from wire.ids import RehearsalId, SiteId

MINUTE_NS = 60 * SECOND
DAY_NS = 86_400 * SECOND
LEAST_LEAD_NS = 5 * SECOND
FARTHEST_NS = 92 * DAY_NS
AFTER_NS = 10 * MINUTE_NS
"""How long after its simulated start a rehearsal still takes results."""
REPORT_NS = MINUTE_NS
"""How long after the simulated start a site that said nothing counts as silent."""
SHORTEST_NS = 10 * MINUTE_NS
"""No practice is squeezed into less than this before a start."""
SAME_DAY_NS = DAY_NS // 2
TITLE_LIMIT = 200


class Kind(StrEnum):
    """Planned by a person, or brought by a day's start."""

    DRILL = "drill"
    PRACTICE = "practice"


class Stage(StrEnum):
    """Where a rehearsal stands."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    OVER = "over"
    OFF = "off"
    MOVED = "moved"


class Act(StrEnum):
    """What time or a person does to it."""

    BEGIN = "begin"
    END = "end"
    CALL_OFF = "call_off"
    MOVE = "move"


_S, _A = Stage, Act

TRANSITIONS: dict[Stage, dict[Act, Stage]] = {
    _S.PLANNED: {_A.BEGIN: _S.UNDER_WAY, _A.END: _S.OVER, _A.CALL_OFF: _S.OFF, _A.MOVE: _S.MOVED},
    _S.UNDER_WAY: {_A.END: _S.OVER, _A.CALL_OFF: _S.OFF, _A.MOVE: _S.MOVED},
    _S.OVER: {},
    _S.OFF: {},
    _S.MOVED: {},
}
RUNNING = frozenset({Stage.PLANNED, Stage.UNDER_WAY})


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """One rehearsal. `before`: the session or exam that a practice belongs to, and `start_ns` its start then;
    `replaces`: the rehearsal that was moved here."""

    id: RehearsalId
    kind: Kind
    title: str
    from_ns: int
    t0_ns: int
    until_ns: int
    sites: frozenset[SiteId]
    by: str
    planned_ns: int
    stage: Stage = Stage.PLANNED
    before: str | None = None
    start_ns: int | None = None
    replaces: RehearsalId | None = None


def after(rehearsal: Rehearsal, act: Act) -> Rehearsal:
    """The rehearsal once `act` is done; refuses `rehearsal_over` where the table has no such step."""
    stage = TRANSITIONS[rehearsal.stage].get(act)
    if stage is None:
        raise Refused("rehearsal_over", "Lần tổng duyệt này đã xong hoặc đã huỷ. / This rehearsal is over.", 409)
    return msgspec.structs.replace(rehearsal, stage=stage)


def due(rehearsal: Rehearsal, now: int) -> Act | None:
    """What time does to it at `now`."""
    if rehearsal.stage in RUNNING and now >= rehearsal.until_ns:
        return Act.END
    if rehearsal.stage is Stage.PLANNED and now >= rehearsal.from_ns:
        return Act.BEGIN
    return None


def times(t0_ns: int, now: int) -> tuple[int, int]:
    """When the order goes out and when the rehearsal ends; refuses a start that is past, near or far away."""
    if not now + LEAST_LEAD_NS <= t0_ns <= now + FARTHEST_NS:
        raise Refused(
            "bad_start", "Giờ mở thử phải từ 5 giây đến 92 ngày nữa. / Between 5 s and 92 days from now.", 422
        )
    return max(now, t0_ns - PRACTICE_NS), t0_ns + AFTER_NS


def check_title(title: str) -> str:
    """The title without blanks around it; refuses an empty or long one."""
    if not 1 <= len(title.strip()) <= TITLE_LIMIT:
        raise Refused("bad_title", f"Tên dài 1 đến {TITLE_LIMIT} chữ. / 1 to {TITLE_LIMIT} letters.", 422)
    return title.strip()


# --- the practice before a day ------------------------------------------------------------------------------------


class Start(msgspec.Struct, frozen=True):
    """A session or exam that has not ended."""

    id: str
    title: str
    starts_ns: int
    sites: frozenset[SiteId]


class Practice(msgspec.Struct, frozen=True):
    """When the practice of ``sites`` before a start begins, simulates its own, and ends: at the start itself."""

    start: Start
    sites: frozenset[SiteId]
    from_ns: int
    t0_ns: int
    until_ns: int


def practices(starts: Sequence[Start], now: int) -> list[Practice]:
    """The practice before each start of the next day. None where less than ten minutes are left, and none for a site
    whose second start on the same day it is: it would fall into the first."""
    found = []
    for start in starts:
        from_ns = max(now, start.starts_ns - PRACTICE_NS)
        left = start.starts_ns - from_ns
        sites = start.sites - _begun(start, starts)
        if left < SHORTEST_NS or start.starts_ns > now + DAY_NS or not sites:
            continue
        found.append(Practice(start, sites, from_ns, start.starts_ns - left // 2, start.starts_ns))
    return found


def _begun(start: Start, starts: Iterable[Start]) -> frozenset[SiteId]:
    """The sites whose day begins with an earlier start."""
    return frozenset().union(
        *(
            other.sites
            for other in starts
            if other.id != start.id and start.starts_ns - SAME_DAY_NS <= other.starts_ns < start.starts_ns
        )
    )


# --- a site in a rehearsal ----------------------------------------------------------------------------------------


class Step(StrEnum):
    """How far a site is, the least first."""

    AWAY = "away"
    SENT = "sent"
    TOLD = "told"
    LOOKED = "looked"
    SILENT = "silent"
    MISSED = "missed"
    OPENED = "opened"


class SiteSteps(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a site in a rehearsal: when the order was sent, acknowledged and first answered by a
    certificate; how its simulated opening ended, within [lo_ms, hi_ms] of T0."""

    site: SiteId
    sent_ns: int | None = None
    seen_ns: int | None = None
    looked_ns: int | None = None
    certificate: str | None = None
    result: str | None = None
    reason: str = ""
    lo_ms: float | None = None
    hi_ms: float | None = None


def step_of(steps: SiteSteps, rehearsal: Rehearsal, now: int) -> Step:
    """How far the site is at `now`."""
    if steps.lo_ms is not None:
        return Step.OPENED
    if steps.result is not None:
        return Step.MISSED
    if now >= rehearsal.t0_ns + REPORT_NS and rehearsal.stage in (Stage.UNDER_WAY, Stage.OVER):
        return Step.SILENT
    if steps.looked_ns is not None:
        return Step.LOOKED
    if steps.seen_ns is not None:
        return Step.TOLD
    return Step.SENT if steps.sent_ns is not None else Step.AWAY


class SiteOutcome(msgspec.Struct, frozen=True):
    """A site with its steps and what its last certificate of the rehearsal says; None without one."""

    steps: SiteSteps
    step: Step
    judgement: Judgement | None
