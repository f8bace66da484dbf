"""Rows of people, logins and the audit trail."""

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.access.model import Person, Role
from orchestrator.storage.schema.access import audit, logins, people, sign_in_links
from orchestrator.storage.schema.lecture_links import lecture_links
from wire.ids import PersonId

Connection = sa.Connection


class Login(msgspec.Struct, frozen=True):
    """A cookie session as stored: never the token, only its hash. `ends_ns`: it came by a link that is good so long."""

    person: Person
    created_ns: int
    seen_ns: int
    ends_ns: int | None = None


class AuditRow(msgspec.Struct, frozen=True):
    """One deed of the trail with its place in the chain."""

    seq: int
    at_ns: int
    who: str
    action: str
    target: str
    detail: str
    prev: bytes
    hash: bytes


_PERSON = (people.c.id, people.c.username, people.c.name, people.c.role, people.c.must_change)


def _person(row: Any) -> Person:
    return Person(PersonId(row.id), row.username, row.name, Role(row.role), bool(row.must_change))


# --- people ------------------------------------------------------------------------------------------------------


def insert_person(conn: Connection, person: Person, password_hash: str, now_ns: int) -> None:
    conn.execute(
        people.insert().values(
            id=person.id,
            username=person.username,
            name=person.name,
            role=person.role.value,
            must_change=person.must_change,
            password_hash=password_hash,
            created_ns=now_ns,
        )
    )


def all_people(conn: Connection) -> list[Person]:
    return [_person(row) for row in conn.execute(sa.select(*_PERSON).order_by(people.c.username))]


def anybody(conn: Connection) -> bool:
    return conn.execute(sa.select(people.c.id).limit(1)).first() is not None


def person_by_username(conn: Connection, username: str) -> tuple[Person, str] | None:
    """The person and the stored password hash."""
    row = conn.execute(sa.select(*_PERSON, people.c.password_hash).where(people.c.username == username)).first()
    return (_person(row), row.password_hash) if row else None


def person_by_id(conn: Connection, person: str) -> tuple[Person, str] | None:
    row = conn.execute(sa.select(*_PERSON, people.c.password_hash).where(people.c.id == person)).first()
    return (_person(row), row.password_hash) if row else None


def set_password(conn: Connection, person: str, password_hash: str, *, must_change: bool) -> None:
    conn.execute(
        people.update().where(people.c.id == person).values(password_hash=password_hash, must_change=must_change)
    )


def rehash(conn: Connection, person: str, old_hash: str, new_hash: str) -> None:
    """Keep a stronger hash of the same password, unless the password was changed meanwhile."""
    conn.execute(
        people.update().where(people.c.id == person, people.c.password_hash == old_hash).values(password_hash=new_hash)
    )


# --- logins ------------------------------------------------------------------------------------------------------


def insert_login(conn: Connection, token_hash: bytes, person: str, now_ns: int) -> None:
    conn.execute(logins.insert().values(token_hash=token_hash, person=person, created_ns=now_ns, seen_ns=now_ns))


def login(conn: Connection, token_hash: bytes) -> Login | None:
    columns = (*_PERSON, logins.c.created_ns, logins.c.seen_ns, lecture_links.c.session, lecture_links.c.until_ns)
    joined = (
        sa.select(*columns)
        .join(logins, logins.c.person == people.c.id)
        .outerjoin(lecture_links, lecture_links.c.person == people.c.id)
    )
    row = conn.execute(joined.where(logins.c.token_hash == token_hash)).first()
    if row is None:
        return None
    person = msgspec.structs.replace(_person(row), session=row.session or "")
    return Login(person, row.created_ns, row.seen_ns, row.until_ns)


def touch_login(conn: Connection, token_hash: bytes, now_ns: int) -> None:
    conn.execute(logins.update().where(logins.c.token_hash == token_hash).values(seen_ns=now_ns))


def drop_login(conn: Connection, token_hash: bytes) -> None:
    conn.execute(logins.delete().where(logins.c.token_hash == token_hash))


def drop_logins_of(conn: Connection, person: str, except_hash: bytes = b"") -> None:
    conn.execute(logins.delete().where(logins.c.person == person, logins.c.token_hash != except_hash))


def drop_idle_logins(conn: Connection, seen_before_ns: int, created_before_ns: int) -> None:
    conn.execute(logins.delete().where((logins.c.seen_ns < seen_before_ns) | (logins.c.created_ns < created_before_ns)))


class KeptLink(msgspec.Struct, frozen=True):
    """A sign-in link as stored: never its token."""

    person: Person
    from_ns: int
    until_ns: int


def put_link(conn: Connection, token_hash: bytes, person: str, from_ns: int, until_ns: int) -> None:
    """Store a person's link in place of the one before."""
    conn.execute(sign_in_links.delete().where(sign_in_links.c.person == person))
    row = {"token_hash": token_hash, "person": person, "from_ns": from_ns, "until_ns": until_ns}
    conn.execute(sign_in_links.insert().values(**row))


def link(conn: Connection, token_hash: bytes) -> KeptLink | None:
    """The link with this hash that was not used."""
    wanted = sa.select(*_PERSON, sign_in_links.c.from_ns, sign_in_links.c.until_ns)
    joined = wanted.join(sign_in_links, sign_in_links.c.person == people.c.id)
    row = conn.execute(joined.where(sign_in_links.c.token_hash == token_hash)).first()
    return KeptLink(_person(row), row.from_ns, row.until_ns) if row else None


def use_link(conn: Connection, token_hash: bytes) -> bool:
    """Use it up; False when somebody was faster."""
    used = conn.execute(sign_in_links.delete().where(sign_in_links.c.token_hash == token_hash))
    return used.rowcount == 1


# --- audit -------------------------------------------------------------------------------------------------------


def audit_tail(conn: Connection) -> tuple[int, bytes] | None:
    """The last (seq, hash). In PostgreSQL the table stays locked against other writers until the commit."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("LOCK TABLE audit IN EXCLUSIVE MODE"))
    row = conn.execute(sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    return (row.seq, row.hash) if row else None


def append_audit(conn: Connection, row: AuditRow) -> None:
    conn.execute(audit.insert().values(**msgspec.structs.asdict(row)))


def newest_audit(conn: Connection, limit: int) -> list[AuditRow]:
    return [AuditRow(*row) for row in conn.execute(sa.select(audit).order_by(audit.c.seq.desc()).limit(limit))]


def audit_from_start(conn: Connection) -> Iterator[AuditRow]:
    for row in conn.execute(sa.select(audit).order_by(audit.c.seq)):
        yield AuditRow(*row)
