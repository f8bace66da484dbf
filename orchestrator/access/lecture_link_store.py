"""Rows of lecture links."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from orchestrator.access.model import Person, Role
from orchestrator.storage.schema.access import people
from orchestrator.storage.schema.lecture_links import lecture_links
from wire.ids import PersonId

Connection = sa.Connection
T = TypeVar("T")


class LinkKind(StrEnum):
    """Whom a link lets in."""

    LECTURER = "lecturer"
    ASSISTANT = "assistant"
    STANDBY = "standby"


ROLE_OF = {
    LinkKind.LECTURER: Role.GUEST_LECTURER,
    LinkKind.ASSISTANT: Role.ASSISTANT,
    LinkKind.STANDBY: Role.STANDBY,
}


class LectureLink(msgspec.Struct, frozen=True):
    """A link as whoever made it sees it; times in ns, None: not yet."""

    id: str
    session: str
    kind: LinkKind
    person: PersonId
    name: str
    made_by: str
    made_ns: int
    until_ns: int
    entered_ns: int | None = None
    seen_ns: int | None = None
    revoked_ns: int | None = None

    def counts(self, now_ns: int) -> bool:
        """Whether it lets anybody in still."""
        return self.revoked_ns is None and now_ns < self.until_ns


class Kept(msgspec.Struct, frozen=True):
    """A link, whom it lets in, and the browser that opened it."""

    link: LectureLink
    person: Person
    key_hash: bytes | None


Look = Callable[[Connection], Kept | None]

_NAMES = LectureLink.__struct_fields__
_COLUMNS = [lecture_links.c[name] for name in _NAMES]


def insert(conn: Connection, made: LectureLink, link_hash: bytes) -> None:
    row = {**msgspec.structs.asdict(made), "kind": made.kind.value, "link_hash": link_hash}
    conn.execute(lecture_links.insert().values(**row))


def of_session(conn: Connection, session: str) -> list[LectureLink]:
    """Newest first."""
    rows = conn.execute(
        sa.select(*_COLUMNS).where(lecture_links.c.session == session).order_by(lecture_links.c.made_ns.desc())
    )
    return [_link(row) for row in rows]


def by_link(conn: Connection, link_hash: bytes) -> Kept | None:
    return _kept(conn, lecture_links.c.link_hash == link_hash)


def by_key(conn: Connection, key_hash: bytes, session: str) -> Kept | None:
    """The newest link of the session that this browser opened and that was not taken back."""
    held = (lecture_links.c.key_hash == key_hash) & (lecture_links.c.session == session)
    return _kept(conn, held & lecture_links.c.revoked_ns.is_(None))


def key_is_known(conn: Connection, key_hash: bytes) -> bool:
    """Whether this is the key of a browser that was let in before."""
    return conn.execute(sa.select(lecture_links.c.id).where(lecture_links.c.key_hash == key_hash)).first() is not None


def _kept(conn: Connection, wanted: sa.ColumnElement[bool]) -> Kept | None:
    columns = (*_COLUMNS, lecture_links.c.key_hash, people.c.username)
    joined = sa.select(*columns).join(people, people.c.id == lecture_links.c.person)
    row = conn.execute(joined.where(wanted).order_by(lecture_links.c.made_ns.desc())).first()
    if row is None:
        return None
    link = _link(row)
    person = Person(link.person, row.username, link.name, ROLE_OF[link.kind], session=link.session)
    return Kept(link, person, row.key_hash)


def _link(row: Any) -> LectureLink:
    values = {name: getattr(row, name) for name in _NAMES}
    return LectureLink(**values | {"kind": LinkKind(row.kind), "person": PersonId(row.person)})


def bind(conn: Connection, link: str, key_hash: bytes, now_ns: int) -> bool:
    """Give an unopened link to this browser; False when another was faster."""
    wanted = (lecture_links.c.id == link) & lecture_links.c.key_hash.is_(None)
    values = {"key_hash": key_hash, "entered_ns": now_ns, "seen_ns": now_ns}
    return conn.execute(lecture_links.update().where(wanted).values(**values)).rowcount == 1


def bind_anew(conn: Connection, link: str, key_hash: bytes, now_ns: int) -> None:
    """Give a link to the same browser once more: it never got the key from before."""
    values = {"key_hash": key_hash, "seen_ns": now_ns}
    conn.execute(lecture_links.update().where(lecture_links.c.id == link).values(**values))


def note_seen(conn: Connection, link: str, now_ns: int) -> None:
    conn.execute(lecture_links.update().where(lecture_links.c.id == link).values(seen_ns=now_ns))


def revoke(conn: Connection, link: str, now_ns: int) -> None:
    conn.execute(lecture_links.update().where(lecture_links.c.id == link).values(revoked_ns=now_ns))
