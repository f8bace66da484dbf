"""Rows of the way home."""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from orchestrator.exams.home.settling import Move, Verdict
from orchestrator.exams.store import Connection
from orchestrator.storage.schema.exams import exam_candidate, exam_conflict, exam_event, exam_mark
from orchestrator.storage.schema.home import (
    exam_archive,
    exam_carried,
    exam_decision,
    exam_head,
    exam_move,
    exam_spoken_head,
)
from wire.chain import GENESIS
from wire.exam_home import SiteHead, chain_on, head_text
from wire.ids import EnrolmentId, ExamId, SiteId


class HeadRow(msgspec.Struct, frozen=True):
    """A head as it stands here. `verdict`: waiting, fits, contradicted."""

    journal: str
    places: int
    head: bytes
    site: SiteId
    enrolment: EnrolmentId
    received_ns: int
    verdict: str


class Spoken(msgspec.Struct, frozen=True):
    """A head that an operator typed in."""

    site: SiteId
    text: str
    who: str
    at_ns: int


class Decision(msgspec.Struct, frozen=True):
    """What a person decided."""

    candidate: str
    verdict: str
    who: str
    reason: str
    at_ns: int
    conflict: int | None = None
    hash: bytes | None = None


class ConflictRow(msgspec.Struct, frozen=True):
    """A record that did not fit, with the record itself in msgpack."""

    id: int
    candidate: str | None
    site: SiteId
    reason: str
    record: bytes


# --- heads ---------------------------------------------------------------------------------------------------------


def insert_head(conn: Connection, head: SiteHead, received_ns: int) -> bool:
    """Keep a head with the time it came; False if it is here already."""
    row = exam_head.c
    known = (row.exam == head.exam) & (row.journal == head.journal) & (row.places == head.places)
    if conn.execute(sa.select(row.places).where(known & (row.head == head.head))).first() is not None:
        return False
    conn.execute(
        sa.insert(exam_head).values(**msgspec.structs.asdict(head), received_ns=received_ns, verdict="waiting")
    )
    return True


def check_heads(conn: Connection, exam: ExamId, journal: str) -> None:
    """Compare the waiting heads of a journal with the events that are here; a contradiction is kept as a conflict."""
    row = exam_head.c
    of_journal = (row.exam == exam) & (row.journal == journal)
    waiting = _heads(conn, of_journal & (row.verdict == "waiting"))
    if not waiting:
        return
    fits = _heads(conn, of_journal & (row.verdict == "fits"))
    place, chain = (fits[-1].places, fits[-1].head) if fits else (0, GENESIS)
    if waiting[0].places < place:
        place, chain = 0, GENESIS
    links = _links(conn, exam, journal, place, waiting[-1].places)
    for head in waiting:
        while place < head.places and (link := links.get(place + 1)) is not None:
            place, chain = place + 1, chain_on(chain, link)
        if place < head.places:
            break
        verdict = "fits" if (place, chain) == (head.places, head.head) else "contradicted"
        same = of_journal & (row.places == head.places) & (row.head == head.head)
        conn.execute(sa.update(exam_head).where(same).values(verdict=verdict))
        if verdict == "contradicted":
            content = msgspec.msgpack.encode(head)
            _insert_conflict(conn, exam, head.site, head.enrolment, "head_contradicted", head.places, content)


def check_waiting(conn: Connection, exam: ExamId) -> None:
    """Compare every head that waits: what it covers may have come after it, and nothing since."""
    row = exam_head.c
    waiting = sa.select(row.journal).where((row.exam == exam) & (row.verdict == "waiting")).distinct()
    for journal in conn.execute(waiting).scalars().all():
        check_heads(conn, exam, journal)


def heads(conn: Connection, exam: ExamId) -> list[HeadRow]:
    """All heads of an exam, journal by journal."""
    return _heads(conn, exam_head.c.exam == exam)


def _heads(conn: Connection, chosen: sa.ColumnElement[bool]) -> list[HeadRow]:
    row = exam_head.c
    found = conn.execute(sa.select(exam_head).where(chosen).order_by(row.journal, row.places, row.received_ns))
    return [HeadRow(r.journal, r.places, bytes(r.head), r.site, r.enrolment, r.received_ns, r.verdict) for r in found]


def _links(conn: Connection, exam: ExamId, journal: str, after: int, to: int) -> dict[int, bytes]:
    event = exam_event.c
    chosen = (event.exam == exam) & (event.journal == journal) & event.place.between(after + 1, to)
    return {r.place: bytes(r.hash) for r in conn.execute(sa.select(event.place, event.hash).where(chosen))}


class Extent(msgspec.Struct, frozen=True):
    """How many events of a journal are here, and the highest place among them."""

    site: SiteId
    journal: str
    events: int
    highest: int


def extents(conn: Connection, exam: ExamId) -> list[Extent]:
    """What is here of each journal."""
    event = exam_event.c
    counted = (
        sa.select(sa.func.min(event.site), event.journal, sa.func.count(), sa.func.max(event.place))
        .where((event.exam == exam) & (event.journal != ""))
        .group_by(event.journal)
        .order_by(event.journal)
    )
    return [Extent(*row) for row in conn.execute(counted)]


def insert_spoken(conn: Connection, exam: ExamId, spoken: Spoken) -> None:
    """Keep what was read out."""
    conn.execute(sa.insert(exam_spoken_head).values(exam=exam, **msgspec.structs.asdict(spoken)))


def spoken(conn: Connection, exam: ExamId) -> list[Spoken]:
    """What was read out, in order."""
    row = exam_spoken_head.c
    found = conn.execute(sa.select(exam_spoken_head).where(row.exam == exam).order_by(row.id))
    return [Spoken(r.site, r.text, r.who, r.at_ns) for r in found]


def place_of_text(conn: Connection, exam: ExamId, journal: str, text: str) -> int | None:
    """Up to which place the journal must reach for its head to read so; None if it nowhere does."""
    links = _links(conn, exam, journal, 0, 1 << 60)
    chain = GENESIS
    for place in range(1, len(links) + 1):
        if place not in links:
            return None
        chain = chain_on(chain, links[place])
        if head_text(chain) == text:
            return place
    return None


# --- moves ---------------------------------------------------------------------------------------------------------


def insert_move(conn: Connection, exam: ExamId, move: Move) -> int:
    """Keep a move (its id is given here)."""
    fields = msgspec.structs.asdict(move)
    del fields["id"]
    done = conn.execute(sa.insert(exam_move).values(exam=exam, **fields))
    return int(done.inserted_primary_key[0])  # type: ignore[index]


def moves(conn: Connection, exam: ExamId, number: str | None = None) -> list[Move]:
    """Moves of an exam, or of one candidate, in order."""
    row = exam_move.c
    chosen = row.exam == exam if number is None else (row.exam == exam) & (row.number == number)
    found = conn.execute(sa.select(exam_move).where(chosen).order_by(row.id))
    return [Move(r.id, r.number, r.from_site, r.to_site, r.at_ns, r.who, bytes(r.last_hash), r.length) for r in found]


def registered_at(conn: Connection, exam: ExamId, site: SiteId) -> list[str]:
    """Who is registered at a site."""
    row = exam_candidate.c
    return list(conn.execute(sa.select(row.number).where((row.exam == exam) & (row.site == site))).scalars())


def wrote_elsewhere(conn: Connection, exam: ExamId, numbers: Sequence[str], journal: str) -> list[str]:
    """Those of these candidates who have events of other journals than this one."""
    event = exam_event.c
    other = (event.exam == exam) & (event.journal != "") & (event.journal != journal)
    found = set(conn.execute(sa.select(event.candidate).distinct().where(other)).scalars())
    return [number for number in numbers if number in found]


# --- decisions -----------------------------------------------------------------------------------------------------


def insert_decision(conn: Connection, exam: ExamId, decision: Decision) -> None:
    """Keep what a person decided; the newest of a kind counts."""
    conn.execute(sa.insert(exam_decision).values(exam=exam, **msgspec.structs.asdict(decision)))


def decisions(conn: Connection, exam: ExamId) -> list[Decision]:
    """All decisions, in order."""
    row = exam_decision.c
    found = conn.execute(sa.select(exam_decision).where(row.exam == exam).order_by(row.id))
    return [Decision(r.candidate, r.verdict, r.who, r.reason, r.at_ns, r.conflict, r.hash) for r in found]


def said(conn: Connection, exam: ExamId) -> dict[bytes, Verdict]:
    """The newest word on each event."""
    return {bytes(one.hash): Verdict(one.verdict) for one in decisions(conn, exam) if one.hash is not None}


def marked_late(conn: Connection, exam: ExamId) -> set[str]:
    """Candidates of whom marking set something aside because it came too late."""
    row = exam_mark.c
    return set(conn.execute(sa.select(row.number).where((row.exam == exam) & (row.late > 0))).scalars())


def conflicts(conn: Connection, exam: ExamId) -> list[ConflictRow]:
    """What did not fit, in order."""
    row = exam_conflict.c
    found = conn.execute(sa.select(exam_conflict).where(row.exam == exam).order_by(row.id))
    return [ConflictRow(r.id, r.candidate, r.site, r.reason, bytes(r.record)) for r in found]


def _insert_conflict(
    conn: Connection, exam: ExamId, site: SiteId, enrolment: EnrolmentId, reason: str, sequence: int, record: bytes
) -> None:
    """Keep something that a person must see and that belongs to no candidate."""
    conn.execute(
        sa.insert(exam_conflict).values(
            exam=exam, site=site, enrolment=enrolment, sequence=sequence, reason=reason, record=record
        )
    )


def count_events(conn: Connection, exams: Sequence[ExamId]) -> int:
    """How many events there are of these exams."""
    counted = sa.select(sa.func.count()).select_from(exam_event).where(exam_event.c.exam.in_(exams))
    return conn.execute(counted).scalar_one()


def count_conflicts(conn: Connection) -> int:
    """How many there are, over all exams."""
    return conn.execute(sa.select(sa.func.count()).select_from(exam_conflict)).scalar_one()


# --- carried journals, archives --------------------------------------------------------------------------------------


def insert_carried(conn: Connection, **values: object) -> None:
    """Note that a file was taken in."""
    conn.execute(sa.insert(exam_carried).values(**values))


class Archive(msgspec.Struct, frozen=True):
    """Whether a site was told to pack an exam away, and has."""

    site: SiteId
    ordered_ns: int
    archived_ns: int | None


def order_archive(conn: Connection, exam: ExamId, site: SiteId, who: str, now_ns: int) -> None:
    """Note the order; a repeat changes nothing."""
    row = exam_archive.c
    if conn.execute(sa.select(row.site).where((row.exam == exam) & (row.site == site))).first() is None:
        conn.execute(sa.insert(exam_archive).values(exam=exam, site=site, who=who, ordered_ns=now_ns))


def note_archived(conn: Connection, exam: ExamId, site: SiteId, digest: bytes, now_ns: int) -> None:
    """The site has done it."""
    row = exam_archive.c
    done = sa.update(exam_archive).where((row.exam == exam) & (row.site == site))
    conn.execute(done.values(digest=digest, archived_ns=now_ns))


def archives(conn: Connection, exam: ExamId | None = None) -> list[tuple[ExamId, Archive]]:
    """Orders of one exam, or of all."""
    query = sa.select(exam_archive)
    found = conn.execute(query if exam is None else query.where(exam_archive.c.exam == exam))
    return [(r.exam, Archive(r.site, r.ordered_ns, r.archived_ns)) for r in found]
