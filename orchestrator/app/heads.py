"""How many people the wall shows in a room: of the session on its screen, as attendance knows it."""

from __future__ import annotations

from orchestrator.attendance.service import Attendance, Latest
from orchestrator.sessions.service import Conductor
from orchestrator.wall.judge import Headcount
from wire.ids import SiteId


class RoomHeads:
    """Answers from memory."""

    def __init__(self, attendance: Attendance, conductor: Conductor) -> None:
        self._attendance = attendance
        self._conductor = conductor

    def of(self, site: SiteId) -> Headcount:
        session = self._conductor.shown_at(site)
        if session is None:
            return headcount(self._attendance.latest(site))
        return headcount(self._attendance.latest(site, session.id, session.starts_ns))


def headcount(latest: Latest) -> Headcount:
    """A room that neither answered in time nor told its number is silent."""
    declared = latest.declared.number if latest.declared else None
    if latest.call is None:
        return Headcount(declared=declared)
    if latest.count is None:
        silent = not latest.awaited and declared is None
        return Headcount(asked=latest.awaited, silent=silent, declared=declared)
    return Headcount(
        count=latest.count.sworn,
        reason=latest.count.reason or (None if latest.count.verified else "not_sworn"),
        at_ns=latest.count.hi_ns,
        declared=declared,
    )
