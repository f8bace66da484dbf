"""Rows of televisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from orchestrator.access.model import Person, Role
from orchestrator.storage.schema.access import people
from orchestrator.storage.schema.televisions import televisions
from wire.ids import PersonId

Connection = sa.Connection
T = TypeVar("T")
Admission = Callable[[Connection], T | None]
"""Looks whether somebody may come in; None: no."""


class Television(msgspec.Struct, frozen=True):
    """A television as an administrator sees it; times in ns, None: not yet."""

    id: str
    person: PersonId
    name: str
    made_by: str
    made_ns: int
    entered_ns: int | None = None
    seen_ns: int | None = None
    revoked_ns: int | None = None


class Kept(msgspec.Struct, frozen=True):
    """A television with its viewer and the end of its link."""

    television: Television
    person: Person
    until_ns: int


_COLUMNS = [televisions.c[name] for name in Television.__struct_fields__]


def insert(conn: Connection, made: Television, link_hash: bytes, until_ns: int) -> None:
    row = {**msgspec.structs.asdict(made), "link_hash": link_hash, "link_until_ns": until_ns}
    conn.execute(televisions.insert().values(**row))


def all_televisions(conn: Connection) -> list[Television]:
    rows = conn.execute(sa.select(*_COLUMNS).order_by(televisions.c.made_ns.desc()))
    return [Television(*row) for row in rows]


def one(conn: Connection, television: str) -> Television | None:
    row = conn.execute(sa.select(*_COLUMNS).where(televisions.c.id == television)).first()
    return Television(*row) if row else None


def by_link(conn: Connection, link_hash: bytes) -> Kept | None:
    return _kept(conn, televisions.c.link_hash == link_hash)


def by_key(conn: Connection, key_hash: bytes) -> Kept | None:
    return _kept(conn, televisions.c.key_hash == key_hash)


def _kept(conn: Connection, wanted: sa.ColumnElement[bool]) -> Kept | None:
    columns = (*_COLUMNS, televisions.c.link_until_ns, people.c.username, people.c.name.label("person_name"))
    joined = sa.select(*columns).join(people, people.c.id == televisions.c.person)
    row: Any = conn.execute(joined.where(wanted)).first()
    if row is None:
        return None
    person = Person(PersonId(row.person), row.username, row.person_name, Role.TELEVISION)
    return Kept(Television(*row[: len(_COLUMNS)]), person, row.link_until_ns)


def give_key(conn: Connection, television: str, key_hash: bytes, now_ns: int) -> None:
    """The link is used up by it."""
    values = {"key_hash": key_hash, "link_hash": None, "entered_ns": now_ns, "seen_ns": now_ns}
    conn.execute(televisions.update().where(televisions.c.id == television).values(**values))


def note_seen(conn: Connection, television: str, now_ns: int) -> None:
    conn.execute(televisions.update().where(televisions.c.id == television).values(seen_ns=now_ns))


def revoke(conn: Connection, television: str, now_ns: int) -> None:
    values = {"key_hash": None, "link_hash": None, "revoked_ns": now_ns}
    conn.execute(televisions.update().where(televisions.c.id == television).values(**values))
