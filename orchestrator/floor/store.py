"""Rows <-> what happened on a floor, and written questions."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from orchestrator.errors import Refused
from orchestrator.floor.model import By, Happening, Kind
from orchestrator.storage.schema.floor import floor_event, floor_question
from wire.floor import QuestionState
from wire.ids import SessionId, SiteId

Connection = sa.Connection


class Question(msgspec.Struct, frozen=True):
    """A written question; ``place`` orders all; ``at_ns`` as the room said, ``received_ns`` as it came."""

    place: int
    id: str
    session: SessionId
    site: SiteId
    text: str
    at_ns: int
    received_ns: int
    state: QuestionState = QuestionState.ASKED
    decided_by: str = ""
    decided_ns: int | None = None


def happened(conn: Connection, session: SessionId, after: int = 0) -> list[Happening]:
    """What happened on a floor after this number, in order."""
    c = floor_event.c
    rows = conn.execute(
        sa.select(floor_event).where(c.session == session, c.version > after).order_by(c.version)
    ).fetchall()
    return [_happening(row) for row in rows]


def append(conn: Connection, session: SessionId, happenings: Iterable[Happening]) -> None:
    """Write what happened. Raises :class:`Refused` ``conflict`` when somebody else wrote one of these numbers first."""
    rows = [
        {
            "session": session,
            "version": each.version,
            "at_ns": each.at_ns,
            "kind": each.kind,
            "site": each.site,
            "username": each.by.username,
            "name": each.by.name[:200],
            "wish": each.wish,
            "until_ns": each.until_ns,
            "reason": each.reason,
        }
        for each in happenings
    ]
    try:
        conn.execute(floor_event.insert(), rows)
    except sa.exc.IntegrityError as error:
        raise Refused("conflict", "Người khác vừa nhanh hơn. / Someone else was faster.", 409) from error


def ask(conn: Connection, question: Question) -> Question | None:
    """Keep a question; with its place, or None when one of this id is there already."""
    if conn.execute(sa.select(floor_question.c.place).where(floor_question.c.id == question.id)).first() is not None:
        return None
    fields = msgspec.structs.asdict(question)
    del fields["place"]
    made = conn.execute(floor_question.insert().values(**fields))
    assert made.inserted_primary_key is not None
    return msgspec.structs.replace(question, place=int(made.inserted_primary_key[0]))


def questions(conn: Connection, session: SessionId) -> list[Question]:
    """All questions of a session, the oldest first."""
    c = floor_question.c
    return [
        _question(row) for row in conn.execute(sa.select(floor_question).where(c.session == session).order_by(c.place))
    ]


def decide(conn: Connection, name: str, state: QuestionState, by: str, at_ns: int) -> None:
    conn.execute(
        floor_question.update()
        .where(floor_question.c.id == name)
        .values(state=state, decided_by=by[:200], decided_ns=at_ns)
    )


def _happening(row: sa.Row[tuple[object, ...]]) -> Happening:
    return Happening(
        version=row.version,
        at_ns=row.at_ns,
        kind=Kind(row.kind),
        site=SiteId(row.site),
        by=By(row.username, row.name),
        wish=row.wish,
        until_ns=row.until_ns,
        reason=row.reason,
    )


def _question(row: sa.Row[tuple[object, ...]]) -> Question:
    return Question(
        place=row.place,
        id=row.id,
        session=SessionId(row.session),
        site=SiteId(row.site),
        text=row.text,
        at_ns=row.at_ns,
        received_ns=row.received_ns,
        state=QuestionState(row.state),
        decided_by=row.decided_by,
        decided_ns=row.decided_ns,
    )
