"""What is fair on an exam day, as events: extra time, stopped clocks, outages, incidents going up, grants going down.

`id` is made by whoever says a thing first and is the same at the site, at the centre and in every repetition.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from wire.fields import ID, Id, Line, Ns, Number, Paragraph, Word
from wire.ids import ExamId

MOST_GRANTS = 2000
"""Grants in one list: a site's candidates are a few hundred."""
MAX_GRANT_S = 6 * 3600
SITE_LIMIT_S = 15 * 60
"""Extra time that a site may give itself as a whole without being asked; more is for the province to give."""
CANDIDATE_LIMIT_S = 60 * 60
"""What a site may give one candidate of its own beside that."""


class Cause(StrEnum):
    """Why time is missing or added."""

    AGENT = "agent"
    COMPUTER = "computer"
    DEVICE = "device"
    LINE = "line"
    FIRE = "fire"
    POWER = "power"
    ILLNESS = "illness"
    DISABILITY = "disability"
    DISTURBANCE = "disturbance"
    LATE_PAPER = "late_paper"
    OTHER = "other"


class IncidentKind(StrEnum):
    """What an invigilator writes down."""

    DEVICE = "device"
    POWER = "power"
    NETWORK = "network"
    WRONG_CODE = "wrong_code"
    PIN_RESET = "pin_reset"
    ILLNESS = "illness"
    CHEATING = "cheating"
    ABSENT = "absent"
    FIRE = "fire"
    OTHER = "other"


_Seconds = Annotated[int, msgspec.Meta(ge=1, le=MAX_GRANT_S)]


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """Extra time in force: for one candidate, or for the whole site (`candidate` None)."""

    id: Id
    candidate: Word | None
    seconds: _Seconds
    cause: Cause
    who: Line
    at_ns: Ns


class ExamGrants(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: every grant of this site for this exam. A list with a lower `serial` than one heard before is old."""

    exam: Annotated[ExamId, ID]
    serial: Number
    grants: Annotated[list[Grant], msgspec.Meta(max_length=MOST_GRANTS)]


class InvigilatorPinReset(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: the school has forgotten its invigilator's PIN. Whoever is signed in there is signed out, and the next PIN
    is chosen on the school's computer."""

    by: Line


class ExamExtra(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Record: an invigilator gave extra time, at once; `asked`: only asked for it, the province decides."""

    exam: Annotated[ExamId, ID]
    grant: Grant
    text: Paragraph = ""
    asked: bool = False


class ExamExtraWithdrawn(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Record: an invigilator took back what nobody had used yet."""

    exam: Annotated[ExamId, ID]
    id: Id
    who: Line
    at_ns: Ns


class ExamStopped(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Record: the fire button. Every screen of the site is saved and blank, the clock stands."""

    exam: Annotated[ExamId, ID]
    id: Id
    who: Line
    text: Paragraph
    at_ns: Ns


class ExamResumed(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Record: the exam goes on; `gap_ms` was measured at the site and given back to everybody."""

    exam: Annotated[ExamId, ID]
    id: Id
    who: Line
    at_ns: Ns
    gap_ms: Number


class ExamIncident(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Record: an incident note."""

    exam: Annotated[ExamId, ID]
    id: Id
    kind: IncidentKind
    text: Paragraph
    candidate: Word | None
    who: Line
    at_ns: Ns


class ExamOutage(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Record: the site could not be written at for `gap_ms`, measured by the site itself; `exact`: by one monotonic
    clock, else by centre time once the computer is back that had been off."""

    exam: Annotated[ExamId, ID]
    id: Id
    cause: Cause
    candidate: Word | None
    from_ns: Ns
    gap_ms: Number
    exact: bool


class ExamGrantsTaken(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Record: the site holds the list `serial`; `too_late`: ids whose window or person had ended before."""

    exam: Annotated[ExamId, ID]
    serial: Number
    applied: Annotated[list[Id], msgspec.Meta(max_length=MOST_GRANTS)]
    too_late: Annotated[list[Id], msgspec.Meta(max_length=MOST_GRANTS)]
    at_ns: Ns


FairnessRecord = (
    ExamExtra | ExamExtraWithdrawn | ExamStopped | ExamResumed | ExamIncident | ExamOutage | ExamGrantsTaken
)
