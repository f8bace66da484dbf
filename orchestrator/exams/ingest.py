"""Whether an event that a site sent fits what the centre already has of that candidate. Pure."""

from collections.abc import Collection

import msgspec

from wire.chain import GENESIS, EventKind, JournalEvent, next_hash
from wire.ids import EnrolmentId, SiteId
from wire.messages import ExamEvent


class Origin(msgspec.Struct, frozen=True):
    """Where a record came from: its key in the record stream."""

    site: SiteId
    enrolment: EnrolmentId
    sequence: int


class Link(msgspec.Struct, frozen=True):
    """What an event stored earlier says about its place in the chain."""

    hash: bytes
    prev: bytes
    cand_seq: int
    enrolment: EnrolmentId
    journal: str = ""


def journal_event(record: ExamEvent) -> JournalEvent:
    """The canonical event inside a record."""
    return JournalEvent(
        exam=record.exam,
        candidate=record.candidate,
        cand_seq=record.cand_seq,
        kind=record.kind,
        item=record.item,
        option=record.option,
        at_ns=record.at_ns,
        bound_ms=record.bound_ms,
        session=record.session,
        client_seq=record.client_seq,
    )


def true_hash(record: ExamEvent) -> bool:
    """Whether the record's hash is the one of its content."""
    return next_hash(record.prev, journal_event(record)) == record.hash


def misfit(record: ExamEvent, origin: Origin, kept: Collection[Link], desks: Collection[SiteId]) -> str | None:
    """Why a person must look at this event (`broken_chain`, `fork`, `other_site`, `page_conflict`), or None.

    `desks`: where the candidate is registered or was moved to. A chain starts anew, or goes on from an event that
    another follows already, only in another journal: the candidate moved to another computer.
    """
    writer = record.journal or origin.enrolment
    rivals = {link.journal or link.enrolment for link in kept if link.prev == record.prev}
    if record.prev == GENESIS:
        if record.cand_seq != 1:
            return "broken_chain"
    elif (record.prev, record.cand_seq - 1) not in {(link.hash, link.cand_seq) for link in kept}:
        return "broken_chain"
    if writer in rivals:
        return "fork"
    if origin.site not in desks:
        return "other_site"
    return "page_conflict" if record.kind is EventKind.CONFLICT else None
