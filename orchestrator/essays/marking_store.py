"""Rows <-> markers, their readings, and every change of a mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.access.model import Person, Role
from orchestrator.essays.marks import Marker, Slot
from orchestrator.storage.schema.access import people
from orchestrator.storage.schema.essays import essay_marker, essay_marking, essay_marking_change
from wire.ids import PersonId, SiteId

Connection = sa.Connection


class Change(msgspec.Struct, frozen=True):
    """One mark as it was given: none is ever overwritten here."""

    marking: str
    marker: PersonId
    mark: int
    scores: tuple[int, ...]
    comment: str
    reason: str
    at_ns: int


def possible_markers(conn: Connection, roles: Sequence[Role]) -> list[Person]:
    """People who may mark, by name."""
    wanted = sa.select(people.c.id, people.c.username, people.c.name, people.c.role)
    rows = conn.execute(wanted.where(people.c.role.in_([role.value for role in roles])).order_by(people.c.name))
    return [Person(PersonId(row.id), row.username, row.name, Role(row.role)) for row in rows]


def markers(conn: Connection, essay: str) -> list[Marker]:
    rows = conn.execute(sa.select(essay_marker).where(essay_marker.c.essay == essay).order_by(essay_marker.c.person))
    return [Marker(PersonId(row.person), SiteId(row.site) if row.site else None) for row in rows]


def put_markers(conn: Connection, essay: str, named: Sequence[Marker]) -> None:
    """These and no others mark from now on; readings that were given out stay."""
    conn.execute(essay_marker.delete().where(essay_marker.c.essay == essay))
    if named:
        rows = [{"essay": essay, "person": each.person, "site": each.site} for each in named]
        conn.execute(essay_marker.insert(), rows)


def insert_slots(conn: Connection, slots: Sequence[Slot]) -> None:
    if slots:
        rows = [msgspec.structs.asdict(each) | {"scores": msgspec.json.encode(each.scores).decode()} for each in slots]
        conn.execute(essay_marking.insert(), rows)


def slots(conn: Connection, essay: str, number: str | None = None) -> list[Slot]:
    """All readings of one essay's participants, or of one of them, by number and slot."""
    wanted = sa.select(essay_marking).where(essay_marking.c.essay == essay)
    if number is not None:
        wanted = wanted.where(essay_marking.c.number == number)
    return [_slot(row) for row in conn.execute(wanted.order_by(essay_marking.c.number, essay_marking.c.slot))]


def slots_of(conn: Connection, person: str) -> list[Slot]:
    """The readings of one marker, the oldest first."""
    wanted = sa.select(essay_marking).where(essay_marking.c.marker == person)
    return [_slot(row) for row in conn.execute(wanted.order_by(essay_marking.c.assigned_ns, essay_marking.c.id))]


def find_slot(conn: Connection, marking: str) -> Slot | None:
    row = conn.execute(sa.select(essay_marking).where(essay_marking.c.id == marking)).first()
    return _slot(row) if row else None


def give_mark(conn: Connection, slot: Slot, reason: str) -> None:
    """Write the mark that ``slot`` carries, and the change beside it."""
    scores = msgspec.json.encode(slot.scores).decode()
    told: dict[str, Any] = {"mark": slot.mark, "scores": scores, "comment": slot.comment}
    conn.execute(essay_marking.update().where(essay_marking.c.id == slot.id).values(**told, marked_ns=slot.marked_ns))
    conn.execute(
        essay_marking_change.insert().values(
            marking=slot.id, marker=slot.marker, reason=reason, at_ns=slot.marked_ns, **told
        )
    )


def changes(conn: Connection, essay: str, number: str) -> list[Change]:
    """Every mark that one participant was ever given, the oldest first."""
    joined = sa.select(essay_marking_change).join(essay_marking, essay_marking.c.id == essay_marking_change.c.marking)
    mine = (essay_marking.c.essay == essay) & (essay_marking.c.number == number)
    return [
        Change(
            row.marking,
            PersonId(row.marker),
            row.mark,
            msgspec.json.decode(row.scores, type=tuple[int, ...]),
            row.comment,
            row.reason,
            row.at_ns,
        )
        for row in conn.execute(joined.where(mine).order_by(essay_marking_change.c.id))
    ]


def _slot(row: Any) -> Slot:
    return Slot(
        id=row.id,
        essay=row.essay,
        number=row.number,
        slot=row.slot,
        version=row.version,
        marker=PersonId(row.marker),
        assigned_ns=row.assigned_ns,
        mark=row.mark,
        scores=msgspec.json.decode(row.scores, type=tuple[int, ...]),
        comment=row.comment,
        marked_ns=row.marked_ns,
    )
