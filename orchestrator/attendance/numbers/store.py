"""Rows <-> the numbers of roll calls, corrections, ticked rosters, live time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.attendance import store
from orchestrator.attendance.model import Declared, RollCall, SiteCount
from orchestrator.attendance.numbers.model import (
    AFTER_NS,
    ARRIVING_NS,
    Correction,
    SignedSources,
    declared_for,
    standing,
)
from orchestrator.attendance.numbers.presence import Span
from orchestrator.courses.store import all_courses
from orchestrator.storage.schema.attendance import (
    count_correction,
    declared_count,
    roll_call,
    roster_tick,
    site_count,
)
from orchestrator.storage.schema.exams import exam, exam_event
from orchestrator.storage.schema.sessions import session as session_table
from orchestrator.storage.schema.sessions import session_order
from orchestrator.storage.schema.sites import participants
from wire.chain import EventKind
from wire.ids import RollCallId, SessionId, SiteId

SAME_DAY_NS = 12 * 3600 * 10**9


class Roll(msgspec.Struct, frozen=True):
    """A roll call with everything that came in, by site; ``next_ns`` is the moment of the session's next one."""

    call: RollCall
    next_ns: int | None
    counts: Mapping[SiteId, SiteCount]
    declared: Mapping[SiteId, Sequence[Declared]]
    corrections: Mapping[SiteId, Sequence[Correction]]
    pictures: frozenset[SiteId]


def rolls_of_session(conn: sa.Connection, session: SessionId) -> list[Roll]:
    """All of them, the oldest first."""
    calls = store.load_calls_of(conn, session)
    return [
        _roll(conn, call, calls[place + 1].at_ns if place + 1 < len(calls) else None)
        for place, call in enumerate(calls)
    ]


def standing_numbers(conn: sa.Connection, sessions: Sequence[SessionId]) -> list[dict[SiteId, int | None]]:
    """What stands for each site in each roll call of these sessions; None: nothing does."""
    return [
        {site: _standing(roll, site) for site in roll.call.sites}
        for session in sessions
        for roll in rolls_of_session(conn, session)
    ]


def _standing(roll: Roll, site: SiteId) -> int | None:
    count = roll.counts.get(site)
    declared = declared_for(roll.call, roll.next_ns, roll.declared.get(site, ()))
    return standing(count.sworn if count else None, declared, roll.corrections.get(site, ()))


def find_roll(conn: sa.Connection, call: RollCallId) -> Roll | None:
    """One roll call."""
    session = conn.execute(sa.select(roll_call.c.session).where(roll_call.c.id == call)).scalar()
    if session is None:
        return None
    calls = store.load_calls_of(conn, SessionId(session))
    found = next(each for each in calls if each.id == call)
    return _roll(conn, found, _next_of(found, calls))


def recent_rolls(conn: sa.Connection, site: SiteId, since_ns: int, only: RollCallId | None = None) -> list[Roll]:
    """Roll calls since a moment in which a site was asked, narrowed to that site; ``only``: this one.

    Everything is read of this one site: a thousand counts that come in ask a thousand times.
    """
    calls = store.calls_at(conn, site, since_ns)
    wanted = [call for call in calls if only is None or call.id == only]
    return [_roll(conn, call, _next_of(call, calls), site) for call in wanted]


def _next_of(call: RollCall, calls: Sequence[RollCall]) -> int | None:
    later = [each.at_ns for each in calls if each.session == call.session and each.at_ns > call.at_ns]
    return min(later, default=None)


def _roll(conn: sa.Connection, call: RollCall, next_ns: int | None, site: SiteId | None = None) -> Roll:
    counts = {each.site: each for each in store.load_counts(conn, [call.id], site)}
    held = sa.select(site_count.c.site).where(site_count.c.roll_call == call.id, site_count.c.picture.is_not(None))
    if site is not None:
        held = held.where(site_count.c.site == site)
    return Roll(
        call=call,
        next_ns=next_ns,
        counts=counts,
        declared=_declared(conn, call, site),
        corrections=_corrections(conn, call.id, site),
        pictures=frozenset(SiteId(site) for site in conn.scalars(held)),
    )


def _declared(conn: sa.Connection, call: RollCall, site: SiteId | None) -> dict[SiteId, list[Declared]]:
    near = declared_count.c.at_ns.between(call.at_ns - SAME_DAY_NS, call.at_ns + SAME_DAY_NS)
    named = declared_count.c.roll_call == call.id
    which = named | (declared_count.c.roll_call.is_(None) & near)
    found: dict[SiteId, list[Declared]] = {}
    for one in store.declared_where(conn, which if site is None else which & (declared_count.c.site == site)):
        found.setdefault(one.site, []).append(one)
    return found


# --- corrections -------------------------------------------------------------------------------------------------


def insert_correction(conn: sa.Connection, made: Correction) -> None:
    """One more correction; earlier ones stay."""
    conn.execute(count_correction.insert().values(**msgspec.structs.asdict(made)))


def _corrections(conn: sa.Connection, call: RollCallId, site: SiteId | None) -> dict[SiteId, list[Correction]]:
    columns = [column for column in count_correction.c if column.name != "id"]
    wanted = sa.select(*columns).where(count_correction.c.roll_call == call).order_by(count_correction.c.id)
    if site is not None:
        wanted = wanted.where(count_correction.c.site == site)
    found: dict[SiteId, list[Correction]] = {}
    for row in conn.execute(wanted).mappings():
        found.setdefault(SiteId(row["site"]), []).append(Correction(**row))
    return found


# --- who signed in -----------------------------------------------------------------------------------------------


class Named(msgspec.Struct, frozen=True):
    """Somebody on the roster of a site; ``present`` None: nobody has ticked them."""

    number: str
    name: str
    present: bool | None


def insert_ticks(
    conn: sa.Connection, session: SessionId, site: SiteId, ticks: Mapping[str, bool], who: str, at_ns: int
) -> int:
    """Tick people of this site present or absent; whoever is not on its roster is left out. Returns how many."""
    known = set(conn.scalars(sa.select(participants.c.number).where(participants.c.site == site)))
    rows = [
        {"session": session, "site": site, "number": number, "present": present, "at_ns": at_ns, "who": who}
        for number, present in ticks.items()
        if number in known
    ]
    if rows:
        conn.execute(roster_tick.insert(), rows)
    return len(rows)


def roster(conn: sa.Connection, session: SessionId, site: SiteId) -> list[Named]:
    """Who is expected at a site, by number, as ticked last."""
    ticked = {row.number: row.present for row in _ticks(conn, session, site)}
    wanted = sa.select(participants.c.number, participants.c.name).where(participants.c.site == site)
    rows = conn.execute(wanted.order_by(participants.c.number))
    return [Named(row.number, row.name, ticked.get(row.number)) for row in rows]


def signed_in(conn: sa.Connection, session: SessionId, only: SiteId | None = None) -> SignedSources:
    """By site (``only``: of this one): those ticked present, what rooms told of their lists, and those who signed in
    at the course's exam of the same day."""
    latest = {(row.site, row.number): row.present for row in _ticks(conn, session, only)}
    found: dict[SiteId, int] = {}
    for (site, _number), present in latest.items():
        found[SiteId(site)] = found.get(SiteId(site), 0) + bool(present)
    return SignedSources(found, _lists(conn, session, only), _at_exam(conn, session, only))


def _lists(conn: sa.Connection, session: SessionId, only: SiteId | None) -> dict[SiteId, list[Declared]]:
    """What rooms told of their lists with a roll call of the session, or without one while people came or sat there."""
    held = conn.execute(sa.select(session_table).where(session_table.c.id == session)).first()
    if held is None:
        return {}
    given = declared_count.c
    of_session = given.roll_call.in_(sa.select(roll_call.c.id).where(roll_call.c.session == session))
    about = given.at_ns.between(held.starts_ns - ARRIVING_NS, held.ends_ns + AFTER_NS)
    which = given.listed.is_not(None) & (of_session | (given.roll_call.is_(None) & about))
    found: dict[SiteId, list[Declared]] = {}
    told = store.declared_where(conn, which if only is None else which & (given.site == only))
    for one in sorted(told, key=lambda one: one.at_ns):
        found.setdefault(one.site, []).append(one)
    return found


def _ticks(conn: sa.Connection, session: SessionId, only: SiteId | None) -> Sequence[Any]:
    wanted = sa.select(roster_tick).where(roster_tick.c.session == session).order_by(roster_tick.c.id)
    return conn.execute(wanted if only is None else wanted.where(roster_tick.c.site == only)).all()


def _at_exam(conn: sa.Connection, session: SessionId, only: SiteId | None) -> dict[SiteId, int]:
    course = next((each for each in all_courses(conn) if session in each.sessions and each.exam), None)
    if course is None:
        return {}
    t0 = conn.execute(sa.select(exam.c.t0_ns).where(exam.c.id == course.exam)).scalar()
    held = conn.execute(sa.select(session_table).where(session_table.c.id == session)).first()
    if t0 is None or held is None or not held.starts_ns - SAME_DAY_NS <= t0 <= held.ends_ns + SAME_DAY_NS:
        return {}
    people = sa.func.count(exam_event.c.candidate.distinct()).label("people")
    wanted = sa.select(exam_event.c.site, people).where(
        exam_event.c.exam == course.exam, exam_event.c.kind == EventKind.SIGN_IN.value
    )
    if only is not None:
        wanted = wanted.where(exam_event.c.site == only)
    return {SiteId(row.site): row.people for row in conn.execute(wanted.group_by(exam_event.c.site))}


# --- live time ---------------------------------------------------------------------------------------------------


def live_spans(conn: sa.Connection, session: SessionId) -> list[Span]:
    """When the session was live, breaks left out; the last one is open while it is."""
    spans: list[Span] = []
    wanted = sa.select(session_order).where(session_order.c.session == session).order_by(session_order.c.version)
    for row in conn.execute(wanted):
        if row.state == "live":
            spans.append(Span(row.at_ns, None))
        elif spans and spans[-1].end_ns is None:
            spans[-1] = Span(spans[-1].begin_ns, row.at_ns)
    return spans
