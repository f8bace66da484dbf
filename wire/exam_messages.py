"""What a site and the centre say of an exam: the package and its release going down, progress and records going up."""

from typing import Annotated

import msgspec

from wire.chain import EventKind
from wire.exam_release import PaperState
from wire.fields import I63, ID, Hash32, Ns, Number, Signature, Small, Word
from wire.ids import ClockState, ExamId, ExamState, ItemId, OptionId


class ExamProgress(msgspec.Struct, frozen=True, kw_only=True):
    """Where a site stands with one exam; the opening is an interval of centre time. `in_trouble` counts candidates
    whom somebody should look after; `stopped`: the fire button is pressed; `version` is the manifest's; `papers` were
    looked over at `checked_ns`, `damaged` of them were fetched again; `reserve`: the site sits the reserve paper;
    `cancelled`: its disk holds that the exam does not take place, whatever the state is."""

    exam: Annotated[ExamId, ID]
    state: ExamState
    signed_in: Small = 0
    started: Small = 0
    answered: Number = 0
    handed_in: Small = 0
    opened_lo_ns: Ns | None = None
    opened_hi_ns: Ns | None = None
    in_trouble: Small = 0
    stopped: bool = False
    version: Number = 0
    papers: Annotated[list[PaperState], msgspec.Meta(max_length=128)] = []
    checked_ns: Ns | None = None
    damaged: Small = 0
    reserve: bool = False
    cancelled: bool = False


class ExamPlan(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: signed manifest, this site's wraps of the paper keys per code, roster sealed to the site secret."""

    manifest: Annotated[bytes, msgspec.Meta(max_length=64 << 10)]
    signature: Signature
    wraps: Annotated[dict[Word, Annotated[bytes, msgspec.Meta(max_length=256)]], msgspec.Meta(max_length=64)]
    sealed_roster: Annotated[bytes, msgspec.Meta(max_length=900 << 10)]


class ExamRelease(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down, at T0 − release lead: the release secret of an exam."""

    exam: Annotated[ExamId, ID]
    secret: Annotated[bytes, msgspec.Meta(max_length=64)]


class ExamCancelled(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Down: the exam does not take place."""

    exam: Annotated[ExamId, ID]


class ExamEvent(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """One line of a candidate's journal (`wire.chain.JournalEvent`) with the hash before it and its own.

    `place` counts the events of the exam in the site's journal `journal` (`wire.exam_home`); 0 and "" without one.
    """

    exam: Annotated[ExamId, ID]
    candidate: Word
    cand_seq: Annotated[int, msgspec.Meta(ge=1, le=I63)]
    kind: EventKind
    item: Annotated[ItemId, ID] | None
    option: Annotated[OptionId, ID] | None
    at_ns: Ns
    bound_ms: Number | None
    session: Word
    client_seq: Number
    prev: Hash32
    hash: Hash32
    journal: Word = ""
    place: Number = 0


class ExamOpened(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The site opened the paper within [lo, hi] of centre time, its clock being in state `clock`; `hi_ns` is `NEVER_NS`
    when it knew nothing of centre time (it had just started, or never had a line)."""

    exam: Annotated[ExamId, ID]
    lo_ns: Ns
    hi_ns: Ns
    clock: ClockState


class ExamClosed(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The site closed its window."""

    exam: Annotated[ExamId, ID]
    at_ns: Ns
