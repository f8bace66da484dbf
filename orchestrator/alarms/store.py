"""Rows of alarms: events added, alarms and their sites brought up to date by them; planned work; rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec
import sqlalchemy as sa

from orchestrator.alarms.journal import OF_ALARM, Entry, LogEvent
from orchestrator.alarms.model import (
    Alarm,
    AlarmEvent,
    Cause,
    Cleared,
    Joined,
    Left,
    Raised,
    Scope,
    Trouble,
    Worsened,
    applied,
)
from orchestrator.alarms.planned import Work
from orchestrator.alarms.rules import Rules
from orchestrator.storage.schema.alarms import alarm as alarm_row
from orchestrator.storage.schema.alarms import alarm_event, alarm_rules, alarm_site, alarm_work
from wire.ids import SiteId

Connection = sa.Connection
_EVENT = msgspec.json.Decoder(LogEvent)
_TOLD = '{"type":"told",%'
"""How a line of the log begins that says what a channel told."""
_MOST_IN = 500
"""Values in one IN list: SQLite's oldest limit on variables is 999."""
MOST_ENTRIES = 20_000
"""Lines of the log that are read at once: a very bad day."""


def append(conn: Connection, events: Iterable[tuple[str, LogEvent]], at_ns: int) -> tuple[int, int]:
    """Add (who, event) to the log, in order, and bring the alarms' own rows up to date; the number of its newest line
    before and after."""
    before = number = newest(conn)
    for number, (who, event) in enumerate(events, before + 1):
        about = event.alarm if isinstance(event, OF_ALARM) else None
        if isinstance(event, OF_ALARM):
            _bring_up_to_date(conn, event, at_ns)
        text = msgspec.json.encode(event).decode()
        conn.execute(alarm_event.insert().values(seq=number, at_ns=at_ns, alarm=about, who=who, event=text))
    return before, number


def newest(conn: Connection) -> int:
    """The number of the newest line of the log; 0 for none."""
    return conn.scalar(sa.select(sa.func.max(alarm_event.c.seq))) or 0


def _bring_up_to_date(conn: Connection, event: AlarmEvent, at_ns: int) -> None:
    mine = alarm_row.c.id == event.alarm
    match event:
        case Raised(trouble=trouble, cause=cause, severity=severity, sites=sites):
            row = {"scope": cause.scope, "name": cause.name, "raised_ns": at_ns, "most": len(sites)}
            conn.execute(alarm_row.insert().values(id=event.alarm, trouble=trouble, severity=severity, **row))
            _join(conn, event.alarm, sites, at_ns)
        case Joined(sites=sites):
            _join(conn, event.alarm, sites, at_ns)
            conn.execute(
                alarm_row.update().where(mine, alarm_row.c.most < _under(event.alarm)).values(most=_under(event.alarm))
            )
        case Left(sites=sites):
            for site in sites:
                here = (alarm_site.c.alarm == event.alarm) & (alarm_site.c.site == site)
                conn.execute(alarm_site.update().where(here).values(left_ns=at_ns))
        case Worsened(severity=severity):
            conn.execute(alarm_row.update().where(mine).values(severity=severity))
        case Cleared():
            conn.execute(alarm_row.update().where(mine).values(cleared_ns=at_ns))
            still = (alarm_site.c.alarm == event.alarm) & alarm_site.c.left_ns.is_(None)
            conn.execute(alarm_site.update().where(still).values(left_ns=at_ns))


def _under(alarm_id: str) -> sa.ScalarSelect[int]:
    still = (alarm_site.c.alarm == alarm_id) & alarm_site.c.left_ns.is_(None)
    return sa.select(sa.func.count()).select_from(alarm_site).where(still).scalar_subquery()


def _join(conn: Connection, alarm_id: str, sites: Sequence[SiteId], at_ns: int) -> None:
    mine = alarm_site.c.alarm == alarm_id
    before = set(conn.scalars(sa.select(alarm_site.c.site).where(mine)))
    for site in before.intersection(sites):
        conn.execute(alarm_site.update().where(mine, alarm_site.c.site == site).values(left_ns=None))
    fresh = [{"alarm": alarm_id, "site": site, "joined_ns": at_ns} for site in sites if site not in before]
    if fresh:
        conn.execute(alarm_site.insert(), fresh)


def load(conn: Connection, cleared_after_ns: int) -> dict[str, Alarm]:
    """The alarms that stand or were cleared after a time, made anew from what happened to them."""
    wanted = alarm_row.c.cleared_ns.is_(None) | (alarm_row.c.cleared_ns > cleared_after_ns)
    return _folded(conn, alarm_event.c.alarm.in_(sa.select(alarm_row.c.id).where(wanted)))


def owed(conn: Connection, cleared_after_ns: int) -> dict[str, Alarm]:
    """Likewise those that were cleared after a time and whose end a channel may still have to tell."""
    over = sa.select(alarm_row.c.id).where(alarm_row.c.cleared_ns > cleared_after_ns)
    told = sa.select(alarm_event.c.alarm).where(alarm_event.c.alarm.in_(over), alarm_event.c.event.like(_TOLD))
    return {id_: each for id_, each in _folded(conn, alarm_event.c.alarm.in_(told)).items() if each.owed}


def one(conn: Connection, alarm: str) -> dict[str, Alarm]:
    """One alarm likewise, or none. It stays as it is until the transaction ends: where several programs write to one
    database, those who change it take turns."""
    conn.execute(sa.select(alarm_row.c.id).where(alarm_row.c.id == alarm).with_for_update())
    return _folded(conn, alarm_event.c.alarm == alarm)


def _folded(conn: Connection, which: sa.ColumnElement[bool]) -> dict[str, Alarm]:
    alarms: dict[str, Alarm] = {}
    for row in conn.execute(sa.select(alarm_event).where(which).order_by(alarm_event.c.seq)):
        event = _EVENT.decode(row.event)
        if isinstance(event, OF_ALARM):
            alarms = applied(alarms, event, row.at_ns)
    return alarms


# --- the log -----------------------------------------------------------------------------------------------------


def entries(
    conn: Connection,
    from_ns: int,
    until_ns: int,
    sites: Collection[SiteId] | None = None,
    most: int = MOST_ENTRIES,
) -> tuple[list[Entry], bool]:
    """The log of a time, in order, and whether it was cut: of more than ``most`` lines the newest. ``sites``: only the
    alarms that one of these was ever under, of which everything is told."""
    which = (alarm_event.c.at_ns >= from_ns) & (alarm_event.c.at_ns < until_ns)
    if sites is not None:
        which &= alarm_event.c.alarm.in_(sa.select(alarm_site.c.alarm).where(alarm_site.c.site.in_(sorted(sites))))
    wanted = sa.select(alarm_event).where(which).order_by(alarm_event.c.seq.desc()).limit(most + 1)
    rows = conn.execute(wanted).all()
    found = [Entry(row.seq, row.at_ns, row.who, _EVENT.decode(row.event)) for row in reversed(rows[:most])]
    return found, len(rows) > most


class Past(msgspec.Struct, frozen=True):
    """An alarm as its row tells it, with the time that one site was under it."""

    id: str
    trouble: str
    cause: Cause
    severity: int
    raised_ns: int
    cleared_ns: int | None
    most: int
    joined_ns: int
    left_ns: int | None


def of_site(conn: Connection, site: str, limit: int) -> list[Past]:
    """The alarms that a site was ever under, the newest first."""
    joined = sa.select(alarm_row, alarm_site.c.joined_ns, alarm_site.c.left_ns).join(alarm_site)
    wanted = joined.where(alarm_site.c.site == site).order_by(alarm_row.c.raised_ns.desc()).limit(limit)
    return [
        Past(
            row.id,
            row.trouble,
            Cause(Scope(row.scope), row.name),
            row.severity,
            row.raised_ns,
            row.cleared_ns,
            row.most,
            row.joined_ns,
            row.left_ns,
        )
        for row in conn.execute(wanted)
    ]


def causes(conn: Connection, alarms: Iterable[str]) -> dict[str, Alarm]:
    """The alarms with these ids as far as their rows tell: what they were about."""
    wanted = sorted(set(alarms))
    return {
        row.id: Alarm(
            id=row.id,
            trouble=Trouble(row.trouble),
            cause=Cause(Scope(row.scope), row.name),
            severity=row.severity,
            raised_ns=row.raised_ns,
            most=row.most,
            cleared_ns=row.cleared_ns,
        )
        for at in range(0, len(wanted), _MOST_IN)
        for row in conn.execute(sa.select(alarm_row).where(alarm_row.c.id.in_(wanted[at : at + _MOST_IN])))
    }


def members(conn: Connection, alarms: Iterable[str]) -> dict[str, set[SiteId]]:
    """Everybody who was ever under these alarms."""
    wanted = sorted(set(alarms))
    found: dict[str, set[SiteId]] = {}
    for at in range(0, len(wanted), _MOST_IN):
        some = alarm_site.c.alarm.in_(wanted[at : at + _MOST_IN])
        for row in conn.execute(sa.select(alarm_site.c.alarm, alarm_site.c.site).where(some)):
            found.setdefault(row.alarm, set()).add(SiteId(row.site))
    return found


# --- planned work and rules --------------------------------------------------------------------------------------


def put_work(conn: Connection, work: Work) -> None:
    conn.execute(
        alarm_work.insert().values(
            id=work.id,
            scope=work.cause.scope,
            name=work.cause.name,
            from_ns=work.from_ns,
            until_ns=work.until_ns,
            planned_by=work.by,
            why=work.why,
            ended_ns=work.ended_ns,
        )
    )


def end_work(conn: Connection, work_id: str, now_ns: int) -> bool:
    """End it before its time; False when it is over already, or never was."""
    open_ = (alarm_work.c.id == work_id) & alarm_work.c.ended_ns.is_(None) & (alarm_work.c.until_ns > now_ns)
    return conn.execute(alarm_work.update().where(open_).values(ended_ns=now_ns)).rowcount == 1


def works(conn: Connection, over_after_ns: int) -> list[Work]:
    """Planned work that is not over, or ended after a time, by its beginning."""
    wanted = sa.select(alarm_work).where(alarm_work.c.until_ns > over_after_ns).order_by(alarm_work.c.from_ns)
    return [
        Work(
            row.id,
            Cause(Scope(row.scope), row.name),
            row.from_ns,
            row.until_ns,
            row.planned_by,
            row.why,
            row.ended_ns,
        )
        for row in conn.execute(wanted)
    ]


def newest_rules(conn: Connection) -> tuple[int, Rules]:
    """The rules that count, with their version; 0 for those we came with."""
    row = conn.execute(sa.select(alarm_rules).order_by(alarm_rules.c.version.desc()).limit(1)).first()
    return (row.version, msgspec.json.decode(row.rules, type=Rules)) if row else (0, Rules())


def put_rules(conn: Connection, version: int, rules: Rules, at_ns: int, who: str) -> None:
    text = msgspec.json.encode(rules).decode()
    conn.execute(alarm_rules.insert().values(version=version, rules=text, at_ns=at_ns, who=who))
