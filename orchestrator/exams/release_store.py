"""Rows of how exams are released. Plain functions inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.exams.model import Releasing
from orchestrator.storage.schema import exams as exam_tables
from orchestrator.storage.schema.exam_release import (
    exam_officer,
    exam_release,
    exam_reserve_read,
    exam_share,
    exam_site_reserve,
    exam_slip,
)
from wire.exam_release import ExamSwitched
from wire.ids import ExamId, SiteId

Connection = sa.Connection

RELEASE, RESERVE = "release", "reserve"
"""The two secrets of an exam, as the kinds of their shares."""


class Officer(msgspec.Struct, frozen=True):
    """Somebody who holds shares; `printed_ns`: when the slip was made, which happens once."""

    place: int
    name: str
    phone: str
    printed_ns: int | None = None


class KeptShare(msgspec.Struct, frozen=True):
    """What the centre keeps of one share: its digest, and once entered who, when, and itself encrypted at rest."""

    kind: str
    place: int
    digest: bytes
    entered_ns: int | None = None
    entered_by: str | None = None
    sealed: bytes | None = None


class Turned(msgspec.Struct, frozen=True):
    """A site that sits the reserve paper: since when by its own word, and when the centre heard."""

    site: SiteId
    at_ns: int
    received_ns: int
    by_code: bool


def insert(conn: Connection, exam: ExamId, releasing: Releasing) -> None:
    """Store what a draft says of its release."""
    conn.execute(sa.insert(exam_release).values(exam=exam, **msgspec.structs.asdict(releasing)))


def load(conn: Connection, exam: ExamId) -> Releasing:
    """How the exam is released, as it stands."""
    row = conn.execute(sa.select(exam_release).where(exam_release.c.exam == exam)).one_or_none()
    if row is None:
        return Releasing()
    return Releasing(**{name: getattr(row, name) for name in Releasing.__struct_fields__})


def change(conn: Connection, exam: ExamId, **values: Any) -> None:
    """Set some columns of it."""
    conn.execute(sa.update(exam_release).where(exam_release.c.exam == exam).values(**values))


# --- officers ----------------------------------------------------------------------------------------------------


def keep_officers(conn: Connection, exam: ExamId, people: Sequence[tuple[str, str]]) -> None:
    """Store names and phone numbers of the officers, places from 1."""
    rows = [{"exam": exam, "place": n, "name": name, "phone": phone} for n, (name, phone) in enumerate(people, 1)]
    if rows:
        conn.execute(sa.insert(exam_officer), rows)


def officers(conn: Connection, exam: ExamId) -> list[Officer]:
    """The officers by place; none where the release is automatic."""
    rows = conn.execute(sa.select(exam_officer).where(exam_officer.c.exam == exam).order_by(exam_officer.c.place))
    return [Officer(row.place, row.name, row.phone, row.printed_ns) for row in rows]


def note_printed(conn: Connection, exam: ExamId, place: int, now_ns: int) -> bool:
    """Note that a slip is made now; False when it was before."""
    column = exam_officer.c
    chosen = (column.exam == exam) & (column.place == place) & column.printed_ns.is_(None)
    return conn.execute(sa.update(exam_officer).where(chosen).values(printed_ns=now_ns)).rowcount == 1


def keep_shares(conn: Connection, exam: ExamId, shares: Sequence[KeptShare]) -> None:
    """Store what names the right shares, in place of those of an earlier sealing."""
    conn.execute(sa.delete(exam_share).where(exam_share.c.exam == exam))
    if shares:
        conn.execute(sa.insert(exam_share), [{"exam": exam, **msgspec.structs.asdict(share)} for share in shares])


def shares(conn: Connection, exam: ExamId) -> list[KeptShare]:
    """All shares of an exam."""
    column = exam_share.c
    rows = conn.execute(sa.select(exam_share).where(column.exam == exam).order_by(column.kind, column.place))
    return [KeptShare(row.kind, row.place, row.digest, row.entered_ns, row.entered_by, row.sealed) for row in rows]


def enter(conn: Connection, exam: ExamId, share: KeptShare) -> None:
    """Store that a share was entered."""
    column = exam_share.c
    chosen = (column.exam == exam) & (column.kind == share.kind) & (column.place == share.place)
    values = {"entered_ns": share.entered_ns, "entered_by": share.entered_by, "sealed": share.sealed}
    conn.execute(sa.update(exam_share).where(chosen).values(**values))


def forget_shares(conn: Connection, exam: ExamId, kind: str) -> None:
    """Keep who entered and when, and no share: the secret is here now."""
    chosen = (exam_share.c.exam == exam) & (exam_share.c.kind == kind)
    conn.execute(sa.update(exam_share).where(chosen).values(sealed=None))


def keep_slips(conn: Connection, exam: ExamId, sealed: Mapping[int, bytes]) -> None:
    """Keep what waits for its slip, by place, in place of that of an earlier sealing."""
    conn.execute(sa.delete(exam_slip).where(exam_slip.c.exam == exam))
    if sealed:
        conn.execute(sa.insert(exam_slip), [{"exam": exam, "place": n, "sealed": one} for n, one in sealed.items()])


def slips(conn: Connection, exam: ExamId) -> dict[int, bytes]:
    """What waits for its slip, by place."""
    rows = conn.execute(sa.select(exam_slip).where(exam_slip.c.exam == exam).order_by(exam_slip.c.place))
    return {row.place: row.sealed for row in rows}


def forget_slip(conn: Connection, exam: ExamId, place: int) -> None:
    """A slip was made."""
    conn.execute(sa.delete(exam_slip).where((exam_slip.c.exam == exam) & (exam_slip.c.place == place)))


# --- sites on the reserve paper ----------------------------------------------------------------------------------


def take_switched(conn: Connection, site: SiteId, record: ExamSwitched, now_ns: int) -> bool:
    """Note that a site turned to the reserve paper: its window begins anew, the one before stands apart. False when it
    is no site of the exam or this was known."""
    column = exam_tables.exam_site.c
    here = (column.exam == record.exam) & (column.site == site)
    row = conn.execute(sa.select(exam_tables.exam_site).where(here)).one_or_none()
    known = (exam_site_reserve.c.exam == record.exam) & (exam_site_reserve.c.site == site)
    if row is None or conn.execute(sa.select(exam_site_reserve.c.site).where(known)).first() is not None:
        return False
    before = {name: getattr(row, name) for name in ("opened_lo_ns", "opened_hi_ns", "clock", "closed_ns")}
    conn.execute(
        sa.insert(exam_site_reserve).values(
            exam=record.exam, site=site, at_ns=record.at_ns, received_ns=now_ns, by_code=record.by_code, **before
        )
    )
    conn.execute(sa.update(exam_tables.exam_site).where(here).values(**dict.fromkeys(before)))
    return True


def turned(conn: Connection, exam: ExamId) -> dict[SiteId, Turned]:
    """The sites that sit the reserve paper."""
    rows = conn.execute(sa.select(exam_site_reserve).where(exam_site_reserve.c.exam == exam))
    return {row.site: Turned(row.site, row.at_ns, row.received_ns, row.by_code) for row in rows}


def note_reserve_read(conn: Connection, exam: ExamId, site: SiteId, why: str, now_ns: int) -> None:
    """Note that the reserve code was read out to this site; the first time counts."""
    if site not in reserve_reads(conn, exam):
        conn.execute(sa.insert(exam_reserve_read).values(exam=exam, site=site, at_ns=now_ns, why=why))


def reserve_reads(conn: Connection, exam: ExamId) -> dict[SiteId, int]:
    """When the reserve code was read out, to which sites alone."""
    rows = conn.execute(sa.select(exam_reserve_read).where(exam_reserve_read.c.exam == exam))
    return {row.site: row.at_ns for row in rows}
