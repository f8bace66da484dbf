"""The incident log as a report: its lines by day, district and site, its figures, its sheets. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from orchestrator.alarms.journal import OF_ALARM, Entry
from orchestrator.alarms.model import Acknowledged, Alarm, Cleared, Joined, Left, Raised
from orchestrator.alarms.wording import SEVERITIES, TROUBLES, Names, cause_of, length_of, moment_of, sentence
from orchestrator.courses.tables import Cell, Column, Table
from wire.ids import SiteId

TEMPLATE = Path(__file__).parent / "templates" / "log.typ"
MS = 1_000_000
Members = Mapping[str, Collection[SiteId]]
"""Alarm -> everybody who was ever under it."""


class Line(msgspec.Struct, frozen=True):
    """A line of the log as pages receive it: ``kind`` is the tag of the event, whose fields are in ``event``;
    ``text`` says it in Vietnamese."""

    seq: int
    at_ms: int
    who: str
    kind: str
    alarm: str | None
    trouble: str | None
    scope: str | None
    name: str | None
    severity: int
    sites: int
    text: str
    event: dict[str, Any]


class Log(msgspec.Struct, frozen=True):
    """Entries of a time with what they are about; ``cut``: there are more, older ones, than are told at once."""

    entries: Sequence[Entry]
    about: Mapping[str, Alarm]
    members: Members
    cut: bool = False


def lines(log: Log, names: Names) -> list[Line]:
    """In order."""
    return [_line(entry, log.about, names) for entry in log.entries]


def _line(entry: Entry, about: Mapping[str, Alarm], names: Names) -> Line:
    event = entry.event
    alarm = about.get(event.alarm) if isinstance(event, OF_ALARM) else None
    fields = msgspec.to_builtins(event)
    kind = fields.pop("type")
    return Line(
        seq=entry.seq,
        at_ms=entry.at_ns // MS,
        who=entry.who,
        kind=kind,
        alarm=alarm.id if alarm else None,
        trouble=alarm.trouble if alarm else None,
        scope=alarm.cause.scope if alarm else None,
        name=alarm.cause.name if alarm else None,
        severity=alarm.severity if alarm else 0,
        sites=len(event.sites) if isinstance(event, Raised | Joined | Left) else 0,
        text=sentence(event, alarm, names, entry.at_ns),
        event=fields,
    )


class Figures(msgspec.Struct, frozen=True):
    """What a time came to. Seconds; None where there is nothing to tell."""

    alarms: int
    grave: int
    sites: int
    taken: int
    median_taken_s: float | None
    median_lasted_s: float | None
    longest_s: float | None


def figures(log: Log) -> Figures:
    """Of the alarms that were raised in the time."""
    raised = {entry.event.alarm: entry.at_ns for entry in log.entries if isinstance(entry.event, Raised)}
    took: dict[str, int] = {}
    lasted: list[int] = []
    for entry in log.entries:
        event = entry.event
        if isinstance(event, Acknowledged) and event.alarm in raised:
            took.setdefault(event.alarm, entry.at_ns - raised[event.alarm])
        elif isinstance(event, Cleared) and event.alarm in raised:
            lasted.append(entry.at_ns - raised[event.alarm])
    return Figures(
        alarms=len(raised),
        grave=sum(log.about[alarm].severity >= 3 for alarm in raised if alarm in log.about),
        sites=len({site for alarm in raised for site in log.members.get(alarm, ())}),
        taken=len(took),
        median_taken_s=_median(list(took.values())),
        median_lasted_s=_median(lasted),
        longest_s=max(lasted) / 1e9 if lasted else None,
    )


def _median(values: Sequence[int]) -> float | None:
    return round(statistics.median(values) / 1e9, 1) if values else None


COLUMNS = (
    Column("Thời điểm", 20),
    Column("Mức", 8),
    Column("Báo động", 44),
    Column("Diễn biến", 80),
    Column("Người", 18),
    Column("Số điểm cầu", 12),
)


CUT = "Quá nhiều dòng: chỉ có những dòng mới nhất. Hãy chọn ít ngày hơn hoặc một địa bàn."


def table(log: Log, names: Names) -> Table:
    """One row a line."""
    rows: list[list[Cell]] = []
    for entry, line in zip(log.entries, lines(log, names), strict=True):
        about = log.about.get(line.alarm or "")
        what = f"{TROUBLES[about.trouble]}: {cause_of(about.cause, names)}" if about else ""
        rows.append(
            [moment_of(entry.at_ns), SEVERITIES.get(line.severity, ""), what, line.text, line.who, line.sites or None]
        )
    if log.cut:
        rows.insert(0, ["", "", "", CUT, "", None])
    return Table("Nhật ký sự cố", COLUMNS, rows)


def sheet(log: Log, names: Names, *, title: str, from_ns: int, until_ns: int, now_ns: int) -> dict[str, Any]:
    """Values for the printed report."""
    told = figures(log)
    return {
        "title": title,
        "from": moment_of(from_ns),
        "until": moment_of(min(until_ns, now_ns)),
        "printed": moment_of(now_ns),
        "alarms": told.alarms,
        "grave": told.grave,
        "sites": told.sites,
        "taken": told.taken,
        "median_taken": _length(told.median_taken_s),
        "median_lasted": _length(told.median_lasted_s),
        "longest": _length(told.longest_s),
        "rows": [["" if cell is None else str(cell) for cell in row] for row in table(log, names).rows],
    }


def _length(seconds: float | None) -> str:
    return "–" if seconds is None else length_of(round(seconds * 1e9))
