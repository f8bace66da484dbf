"""Which events become lines of a site's history: the event's class, the kind a page words, severity, fields kept.

A feature that wants its events in the history adds a line here, and its sentence in `dashboard/src/wall/eventwords.ts`;
the event needs a field `site`, or `sites`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec


class Kind(msgspec.Struct, frozen=True):
    """How an event is kept; ``severity`` 0 fine to 3 bad."""

    kind: str
    severity: int = 0
    fields: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "CountReceived": Kind("count_received", 0, ("count", "reason")),
        "NumberDeclared": Kind("number_declared", 0, ("number", "listed")),
        "RollCallOrdered": Kind("roll_call_asked"),
        "ExamConflict": Kind("exam_conflict", 3, ("reason",)),
        "RungOrdered": Kind("rung_ordered", 0, ("name", "rung")),
        "SitePaired": Kind("site_paired"),
        "SiteRevoked": Kind("site_revoked", 1, ("reason",)),
        "RecordConflict": Kind("conflict", 3, ("sequence",)),
        "RecordSetAside": Kind("record_set_aside", 2, ("reason",)),
        "RecordsMissing": Kind("records_missing", 3, ("first", "last")),
        "SecondBootRefused": Kind("two_computers", 3),
        "HistoryTold": Kind("history_told", 0, ("spans", "lost")),
    }
)
