"""Takes in what sites record of an exam: events of candidates, openings, closings.

Each `take_*` runs inside the transaction that stores the record itself, so it never refuses: what does not fit is kept
as a conflict for a person. Nothing stored here is updated or deleted later, but an opening or closing that was empty.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.exams.ingest import Link, Origin, misfit, true_hash
from orchestrator.exams.marks import Heard
from orchestrator.exams.store import Connection
from orchestrator.exams.straight import Row
from orchestrator.storage.schema.exam_release import exam_site_reserve
from orchestrator.storage.schema.exams import exam_candidate, exam_conflict, exam_event, exam_site
from orchestrator.storage.schema.home import exam_decision, exam_head, exam_move
from wire.chain import EventKind, JournalEvent
from wire.ids import ExamId, SiteId
from wire.messages import ExamClosed, ExamEvent, ExamOpened

NUMBERS_AT_ONCE = 500
_KINDS = {kind.value: kind for kind in EventKind}
_HEARD = tuple(
    exam_event.c[name]
    for name in (
        "exam", "candidate", "cand_seq", "kind", "item", "option", "at_ns", "bound_ms", "session", "client_seq", "prev",
        "hash", "enrolment", "site", "journal",
    )
)  # fmt: skip
_PLAIN = tuple(
    exam_event.c[name]
    for name in ("candidate", "cand_seq", "kind", "item", "option", "at_ns", "bound_ms", "prev", "hash")
)


class Conflict(msgspec.Struct, frozen=True):
    """A record that did not fit. `id` grows with time."""

    id: int
    exam: ExamId
    site: SiteId
    candidate: str | None
    reason: str


def take_event(conn: Connection, origin: Origin, record: ExamEvent) -> str:
    """Store an event of a candidate, after its hash; a repeat changes nothing. Returns `fresh`, `known`, or the reason
    why a person must look at it."""
    if not true_hash(record):
        return _conflict(conn, origin, record, "wrong_hash")
    home = _home(conn, record)
    if home is None:
        return _conflict(conn, origin, record, "unknown_candidate")
    kept = _chain(conn, record)
    if any(link.hash == record.hash for link in kept):
        return "known"
    reason = misfit(record, origin, kept, _desks(conn, record, home, origin.site))
    if reason is not None:
        _conflict(conn, origin, record, reason)
    fields = msgspec.structs.asdict(record)
    conn.execute(_ADD, {**fields, "site": origin.site, "enrolment": origin.enrolment})
    return reason or "fresh"


def take_opened(conn: Connection, origin: Origin, record: ExamOpened) -> bool:
    """Note when the site opened; True when this was news. Of intervals that overlap, what they share is kept: a site
    that opened without a clock tells more once it has one. A second opening at another time is a conflict."""
    row = _site(conn, origin, record.exam)
    if row is None:
        _conflict(conn, origin, record, "unknown_exam")
        return False
    if _before_the_turn(conn, origin, record.exam, record.hi_ns):
        return False
    if row.opened_hi_ns is not None:
        lo_ns, hi_ns = max(row.opened_lo_ns, record.lo_ns), min(row.opened_hi_ns, record.hi_ns)
        if lo_ns > hi_ns:
            if not _resumed(conn, origin, record):
                _conflict(conn, origin, record, "opened_again")
        elif (lo_ns, hi_ns) != (row.opened_lo_ns, row.opened_hi_ns):
            # The site knows its clock better now than when it opened.
            _note(conn, origin, record.exam, opened_lo_ns=lo_ns, opened_hi_ns=hi_ns, clock=record.clock)
            return True
        return False
    _note(conn, origin, record.exam, opened_lo_ns=record.lo_ns, opened_hi_ns=record.hi_ns, clock=record.clock)
    return True


def take_closed(conn: Connection, origin: Origin, record: ExamClosed) -> bool:
    """Note when the site closed; True when this was news."""
    row = _site(conn, origin, record.exam)
    if row is None:
        _conflict(conn, origin, record, "unknown_exam")
        return False
    if row.closed_ns is not None or _before_the_turn(conn, origin, record.exam, record.at_ns):
        return False
    _note(conn, origin, record.exam, closed_ns=record.at_ns)
    return True


def heard_at(conn: Connection, exam: ExamId, site: SiteId) -> dict[str, list[Heard]]:
    """All events of the candidates registered at `site`, wherever they wrote; everybody registered is a key."""
    person = exam_candidate.c
    here = (person.exam == exam) & (person.site == site)
    return heard_of_each(conn, exam, list(conn.execute(sa.select(person.number).where(here)).scalars()))


def heard_of_each(conn: Connection, exam: ExamId, numbers: Sequence[str]) -> dict[str, list[Heard]]:
    """All events of these candidates, wherever they wrote; everybody named is a key."""
    event = exam_event.c
    heard: dict[str, list[Heard]] = {number: [] for number in numbers}
    # By number, so that the key of the table is used: a join let SQLite read every event of the exam for each site.
    for start in range(0, len(numbers), NUMBERS_AT_ONCE):
        some = numbers[start : start + NUMBERS_AT_ONCE]
        rows = conn.execute(sa.select(*_HEARD).where((event.exam == exam) & event.candidate.in_(some)))
        for one in map(_heard, rows.all()):
            heard[one.event.candidate].append(one)
    return heard


def rows_of(conn: Connection, exam: ExamId, numbers: Sequence[str]) -> list[Row]:
    """What marks are made of, of these candidates, at most `NUMBERS_AT_ONCE`: the driver's own tuples, since a whole
    province is 600,000 of them."""
    event = exam_event.c
    found = conn.execute(sa.select(*_PLAIN).where((event.exam == exam) & event.candidate.in_(numbers)))
    assert found.cursor is not None
    rows: list[Row] = list(found.cursor.fetchall())
    found.close()
    return rows


def heard_of(conn: Connection, exam: ExamId, number: str) -> list[Heard]:
    """All events of one candidate, wherever they wrote."""
    event = exam_event.c
    return [
        _heard(row)
        for row in conn.execute(sa.select(*_HEARD).where((event.exam == exam) & (event.candidate == number)))
    ]


def with_evidence(conn: Connection, exam: ExamId) -> set[str]:
    """Candidates with events that count for nothing by themselves, or with a paper sheet."""
    event = exam_event.c
    kinds = (EventKind.LATE, EventKind.ASIDE, EventKind.CONFLICT, EventKind.SHEET)
    chosen = (event.exam == exam) & event.kind.in_(kinds)
    return set(conn.execute(sa.select(event.candidate).distinct().where(chosen)).scalars())


def finished(conn: Connection, exam: ExamId) -> dict[SiteId, int]:
    """Candidates per site whose hand-in or close has come."""
    event = exam_event.c
    ended = (event.exam == exam) & event.kind.in_((EventKind.HAND_IN, EventKind.CLOSE))
    counted = sa.select(event.site, sa.func.count(event.candidate.distinct())).where(ended).group_by(event.site)
    return {row[0]: row[1] for row in conn.execute(counted)}


def conflicts_since(conn: Connection, last: int) -> list[Conflict]:
    """Conflicts with a larger id than `last`, in order."""
    column = exam_conflict.c
    rows = conn.execute(sa.select(exam_conflict).where(column.id > last).order_by(column.id).limit(500))
    return [Conflict(row.id, row.exam, row.site, row.candidate, row.reason) for row in rows]


def newest_conflict(conn: Connection) -> int:
    """The largest id, 0 without any."""
    return conn.execute(sa.select(sa.func.max(exam_conflict.c.id))).scalar_one() or 0


def disputed(conn: Connection, exam: ExamId) -> set[str]:
    """Candidates of the exam with a conflict that nobody has decided on."""
    column, decision = exam_conflict.c, exam_decision.c
    decided = sa.select(decision.conflict).where((decision.exam == exam) & decision.conflict.is_not(None))
    open_ones = (column.exam == exam) & column.candidate.is_not(None) & column.id.not_in(decided)
    chosen = sa.select(column.candidate).where(open_ones).distinct()
    return {number for number in conn.execute(chosen).scalars() if number is not None}


def _chain(conn: Connection, record: ExamEvent) -> list[Link]:
    """What of the candidate's chain touches the record: itself, what it follows, and what else follows that."""
    asked = {"exam": record.exam, "number": record.candidate, "hash": record.hash, "prev": record.prev}
    return [Link(row.hash, row.prev, row.cand_seq, row.enrolment, row.journal) for row in conn.execute(_NEAR, asked)]


def _home(conn: Connection, record: ExamEvent) -> SiteId | None:
    return conn.execute(_HOME, {"exam": record.exam, "number": record.candidate}).scalar_one_or_none()


def _desks(conn: Connection, record: ExamEvent, home: SiteId, site: SiteId) -> set[SiteId]:
    if site == home:
        return {home}
    moved = exam_move.c
    chosen = (moved.exam == record.exam) & (moved.number == record.candidate)
    return {home, *conn.execute(sa.select(moved.to_site).where(chosen)).scalars()}


# Made once: building them anew for each answer cost more than the database did.
_NEAR = sa.select(
    exam_event.c.hash, exam_event.c.prev, exam_event.c.cand_seq, exam_event.c.enrolment, exam_event.c.journal
).where(
    exam_event.c.exam == sa.bindparam("exam"),
    exam_event.c.candidate == sa.bindparam("number"),
    (exam_event.c.hash == sa.bindparam("hash"))
    | (exam_event.c.hash == sa.bindparam("prev"))
    | (exam_event.c.prev == sa.bindparam("prev")),
)
_HOME = sa.select(exam_candidate.c.site).where(
    exam_candidate.c.exam == sa.bindparam("exam"), exam_candidate.c.number == sa.bindparam("number")
)
_ADD = sa.insert(exam_event)


def _resumed(conn: Connection, origin: Origin, record: ExamOpened) -> bool:
    """Whether another computer of the site had opened before this one took its place."""
    head = exam_head.c
    other = (head.exam == record.exam) & (head.site == origin.site) & (head.enrolment != origin.enrolment)
    return conn.execute(sa.select(head.places).where(other).limit(1)).first() is not None


def _before_the_turn(conn: Connection, origin: Origin, exam: ExamId, at_ns: int) -> bool:
    """Whether this was the window of the paper before the reserve, told again: by a carried journal, or by a site whose
    line the centre had forgotten."""
    turned = exam_site_reserve.c
    chosen = (turned.exam == exam) & (turned.site == origin.site) & (turned.at_ns >= at_ns)
    return conn.execute(sa.select(turned.site).where(chosen)).first() is not None


def _site(conn: Connection, origin: Origin, exam: ExamId) -> sa.Row[tuple[object, ...]] | None:
    chosen = (exam_site.c.exam == exam) & (exam_site.c.site == origin.site)
    return conn.execute(sa.select(exam_site).where(chosen)).one_or_none()


def _note(conn: Connection, origin: Origin, exam: ExamId, **values: object) -> None:
    chosen = (exam_site.c.exam == exam) & (exam_site.c.site == origin.site)
    conn.execute(sa.update(exam_site).where(chosen).values(**values))


def _conflict(conn: Connection, origin: Origin, record: ExamEvent | ExamOpened | ExamClosed, reason: str) -> str:
    row = {
        "exam": record.exam,
        "candidate": record.candidate if isinstance(record, ExamEvent) else None,
        "site": origin.site,
        "reason": reason,
        "record": msgspec.msgpack.encode(record),
    }
    known = sa.and_(*(exam_conflict.c[name] == value for name, value in row.items()))
    if conn.execute(sa.select(exam_conflict.c.id).where(known)).first() is None:
        conn.execute(sa.insert(exam_conflict).values(**row, enrolment=origin.enrolment, sequence=origin.sequence))
    return reason


def _heard(row: Sequence[Any]) -> Heard:
    # By place: a whole province is 600,000 rows, and names cost five times as much.
    exam, candidate, seq, kind, item, option, at_ns, bound_ms, session, page_seq, prev, own, by, site, journal = row
    event = JournalEvent(exam, candidate, seq, _KINDS[kind], item, option, at_ns, bound_ms, session, page_seq)
    return Heard(event, prev, own, by, site, journal)
