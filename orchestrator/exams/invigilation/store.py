"""Rows of credits, lists of grants and incident notes. Plain functions inside the caller's transaction."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.exams.invigilation import guest_store
from orchestrator.exams.invigilation.model import Credit, Granted, Source, State, grant_of, sum_up
from orchestrator.exams.model import STOPPED_S
from orchestrator.storage.schema.exam_fairness import exam_credit, exam_grant_list, exam_incident
from orchestrator.storage.schema.exams import exam_candidate, exam_site
from orchestrator.storage.schema.home import exam_move
from wire.exam_fairness import Cause, ExamGrantsTaken, Grant
from wire.ids import ExamId, SiteId

Connection = sa.Connection
STOPPED = "stopped"
"""The kind of the incident that a fire button is; it ends when the credit of the same id comes."""


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """A note of an invigilator; `seen_by`: who at the province has taken it up."""

    id: str
    exam: ExamId
    site: SiteId
    candidate: str | None
    kind: str
    text: str
    who: str
    at_ns: int
    received_ns: int
    seen_by: str | None = None
    seen_ns: int | None = None


class GrantList(msgspec.Struct, frozen=True):
    """How far a site's list of grants is."""

    exam: ExamId
    site: SiteId
    serial: int
    taken: int


# --- credits -----------------------------------------------------------------------------------------------------


def add(conn: Connection, credit: Credit) -> bool:
    """Keep a credit; False and no change if its id is known, or the site does not sit this exam."""
    column = exam_credit.c
    if conn.execute(sa.select(column.id).where(column.id == credit.id)).first() is not None:
        return False
    if not sits(conn, credit.exam, credit.site):
        return False
    conn.execute(sa.insert(exam_credit).values(**msgspec.structs.asdict(credit)))
    return True


def find(conn: Connection, credit: str) -> Credit | None:
    """One credit."""
    row = conn.execute(sa.select(exam_credit).where(exam_credit.c.id == credit)).one_or_none()
    return None if row is None else _credit(row)


def of_exam(conn: Connection, exam: ExamId) -> list[Credit]:
    """The ledger of an exam, the newest first."""
    column = exam_credit.c
    rows = conn.execute(sa.select(exam_credit).where(column.exam == exam).order_by(column.at_ns.desc(), column.id))
    return [_credit(row) for row in rows]


def put(conn: Connection, credit: Credit) -> None:
    """Store what became of a credit."""
    fields = msgspec.structs.asdict(credit)
    conn.execute(sa.update(exam_credit).where(exam_credit.c.id == credit.id).values(**fields))


def given_by_site_s(conn: Connection, exam: ExamId, site: SiteId) -> int:
    """Seconds that a site gave itself as a whole, stopped clocks aside, and what it asked the province for: its agent
    counts in the same way."""
    column = exam_credit.c
    own = (column.source == Source.SITE) & (column.state == State.APPROVED) & (column.cause != Cause.FIRE)
    own &= (column.decided_by == column.who) & (column.decided_ns == column.at_ns)
    chosen = (column.exam == exam) & (column.site == site) & column.candidate.is_(None) & own
    return conn.execute(sa.select(sa.func.sum(column.seconds)).where(chosen)).scalar_one() or 0


def in_force(conn: Connection, exam: ExamId, *, applied: bool) -> dict[SiteId, Granted]:
    """What stands per site, individual time of the sealed roster included. `applied`: of the ledger only what the sites
    gave or hold in time; else all that was ever approved."""
    column = exam_credit.c
    chosen = (column.exam == exam) & (column.state == State.APPROVED) & sa.not_(column.too_late)
    if applied:
        chosen &= column.applied_ns.is_not(None)
    found = sum_up(_credit(row) for row in conn.execute(sa.select(exam_credit).where(chosen)))
    for site, number, extra_s in _of_roster(conn, exam):
        at = found.setdefault(site, Granted())
        at.each[number] = at.each.get(number, 0) + extra_s
    return found


def _of_roster(conn: Connection, exam: ExamId) -> list[tuple[SiteId, str, int]]:
    column = exam_candidate.c
    chosen = sa.select(column.site, column.number, column.extra_s).where((column.exam == exam) & (column.extra_s > 0))
    return [(site, number, extra_s) for site, number, extra_s in conn.execute(chosen)]


def longest_s(conn: Connection, exam: ExamId) -> dict[SiteId, int]:
    """The most time beside the plan that anybody at a site may still use, sites whose clock stands included."""
    granted = in_force(conn, exam, applied=False)
    found = {site: at.longest for site, at in granted.items()}
    for desk, most_s in guest_store.longest_s(conn, exam, granted).items():
        found[desk] = max(found.get(desk, 0), most_s)
    stop, credit = exam_incident.c, exam_credit.c
    over = sa.exists().where(credit.id == stop.id)
    chosen = sa.select(stop.site).where((stop.exam == exam) & (stop.kind == STOPPED) & sa.not_(over))
    return found | dict.fromkeys(conn.execute(chosen).scalars(), STOPPED_S)


# --- lists of grants ---------------------------------------------------------------------------------------------


def grants(conn: Connection, exam: ExamId, site: SiteId) -> list[Grant]:
    """What a site is to hold."""
    column = exam_credit.c
    chosen = (column.exam == exam) & (column.site == site) & (column.state == State.APPROVED)
    rows = conn.execute(sa.select(exam_credit).where(chosen).order_by(column.at_ns, column.id))
    return [grant_of(_credit(row)) for row in rows]


def changed(conn: Connection, exam: ExamId, sites: Collection[SiteId]) -> None:
    """The lists of these sites are other lists now, of higher serials than any that they hold: a centre restored from
    a copy knows fewer than it gave out."""
    column = exam_grant_list.c
    higher = sa.case((column.taken > column.serial, column.taken), else_=column.serial) + 1
    for site in sites:
        held = (column.exam == exam) & (column.site == site)
        done = conn.execute(sa.update(exam_grant_list).where(held).values(serial=higher))
        if done.rowcount == 0:
            conn.execute(sa.insert(exam_grant_list).values(exam=exam, site=site, serial=1, taken=-1))


def lists(conn: Connection, exams: Collection[ExamId]) -> list[GrantList]:
    """The lists of these exams."""
    rows = conn.execute(sa.select(exam_grant_list).where(exam_grant_list.c.exam.in_(sorted(exams))))
    return [GrantList(row.exam, row.site, row.serial, row.taken) for row in rows]


def taken(conn: Connection, site: SiteId, record: ExamGrantsTaken) -> None:
    """The site holds a list. What had been given in time stays so, whatever a later list says."""
    column = exam_grant_list.c
    held = (column.exam == record.exam) & (column.site == site) & (column.taken < record.serial)
    conn.execute(sa.update(exam_grant_list).where(held).values(taken=record.serial))
    credit = exam_credit.c
    fresh = (credit.exam == record.exam) & (credit.site == site) & credit.applied_ns.is_(None)
    for ids, too_late in ((record.applied, False), (record.too_late, True)):
        for part in _parts(ids):
            chosen = fresh & credit.id.in_(part) & (credit.state == State.APPROVED)
            conn.execute(sa.update(exam_credit).where(chosen).values(applied_ns=record.at_ns, too_late=too_late))


# --- incidents ---------------------------------------------------------------------------------------------------


def add_incident(conn: Connection, incident: Incident) -> bool:
    """Keep a note; False if it is known."""
    column = exam_incident.c
    if conn.execute(sa.select(column.id).where(column.id == incident.id)).first() is not None:
        return False
    conn.execute(sa.insert(exam_incident).values(**msgspec.structs.asdict(incident)))
    return True


def incidents(conn: Connection, exam: ExamId) -> list[Incident]:
    """The notes of an exam, the newest first."""
    column = exam_incident.c
    rows = conn.execute(sa.select(exam_incident).where(column.exam == exam).order_by(column.at_ns.desc(), column.id))
    return [Incident(**row._asdict()) for row in rows]


def see(conn: Connection, exam: ExamId, incident: str, by: str, now_ns: int) -> bool:
    """Somebody at the province has taken a note up; False if there is none, or somebody had before."""
    column = exam_incident.c
    chosen = (column.exam == exam) & (column.id == incident) & column.seen_by.is_(None)
    done = conn.execute(sa.update(exam_incident).where(chosen).values(seen_by=by, seen_ns=now_ns))
    return done.rowcount == 1


# --- who sits where ----------------------------------------------------------------------------------------------


def sits(conn: Connection, exam: ExamId, site: SiteId) -> bool:
    """Whether the site takes part."""
    column = exam_site.c
    chosen = sa.select(column.site).where((column.exam == exam) & (column.site == site))
    return conn.execute(chosen).first() is not None


def closed_ns(conn: Connection, exam: ExamId, site: SiteId) -> int | None:
    """When the site's window closed, if it has."""
    column = exam_site.c
    chosen = sa.select(column.closed_ns).where((column.exam == exam) & (column.site == site))
    return conn.execute(chosen).scalar_one_or_none()


def seat(conn: Connection, exam: ExamId, candidate: str) -> SiteId | None:
    """The site where a candidate sits now: of the newest move, else where they are registered."""
    move, column = exam_move.c, exam_candidate.c
    moved = sa.select(move.to_site).where((move.exam == exam) & (move.number == candidate)).order_by(move.id.desc())
    registered = sa.select(column.site).where((column.exam == exam) & (column.number == candidate))
    return conn.execute(moved.limit(1)).scalar_one_or_none() or conn.execute(registered).scalar_one_or_none()


def has_left(conn: Connection, exam: ExamId, candidate: str, site: SiteId) -> bool:
    """Whether a candidate ever moved away from a site."""
    move = exam_move.c
    chosen = (move.exam == exam) & (move.number == candidate) & (move.from_site == site)
    return conn.execute(sa.select(move.id).where(chosen).limit(1)).first() is not None


def follow(conn: Connection, exam: ExamId, candidate: str, old: SiteId, new: SiteId) -> None:
    """What was given or proposed to a candidate and the old site does not hold yet goes on to the new one."""
    column = exam_credit.c
    open_ = column.applied_ns.is_(None) & sa.not_(column.too_late)
    chosen = (column.exam == exam) & (column.candidate == candidate) & (column.site == old) & open_
    if conn.execute(sa.update(exam_credit).where(chosen).values(site=new)).rowcount > 0:
        changed(conn, exam, {old, new})


def _credit(row: Any) -> Credit:
    fields = row._asdict()
    fields |= {"cause": Cause(row.cause), "source": Source(row.source), "state": State(row.state)}
    return Credit(**fields)


def _parts(ids: Sequence[str], size: int = 500) -> list[Sequence[str]]:
    return [ids[at : at + size] for at in range(0, len(ids), size)]
