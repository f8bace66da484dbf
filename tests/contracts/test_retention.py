"""What is over goes at night, in real SQLite, and the trail tells of it; what still stands stays, however old."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from orchestrator.access.audit import Audit
from orchestrator.app.retention import build_retention
from orchestrator.config import Retention as Configured
from orchestrator.live.memory import MemoryLeases
from orchestrator.retention.service import DAY_NS, HOUR_NS, Retention, is_due
from orchestrator.storage.engine import Database
from orchestrator.storage.schema.access import audit as audit_table
from orchestrator.storage.schema.alarms import alarm, alarm_event, alarm_site, alarm_work
from orchestrator.storage.schema.duty import duty_entry, duty_handover
from orchestrator.storage.schema.links import record_stream
from orchestrator.storage.schema.orders import chat_line, order_at_site, site_log_piece, site_order
from tests.doubles.manual_clock import ManualClock

NOW = 1_800_000_000 * 10**9
OLD, YOUNG = NOW - 500 * DAY_NS, NOW - 10 * DAY_NS
BOTH = (("old", OLD), ("young", YOUNG))


class Cellar:
    """A database with something old, something young, and something old that still stands, of every kind."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = ManualClock(NOW)
        self.audit = Audit(self.clock)
        self.offsets = [10.0, 20.0, -30.0]

    def retention(self, configured: Configured | None = None) -> Retention:
        return build_retention(
            self.database,
            self.clock,
            self.audit,
            MemoryLeases(),
            "centre-1",
            configured or Configured(),
            lambda: self.offsets,
        )

    async def ids(self, column: sa.Column[Any]) -> set[Any]:
        return set(await self.database.read(lambda conn: list(conn.scalars(sa.select(column)))))

    async def trail(self) -> dict[str, dict[str, Any]]:
        wanted = sa.select(audit_table).where(audit_table.c.action == "retention.forgotten")
        rows = await self.database.read(lambda conn: conn.execute(wanted).all())
        return {row.target: msgspec.json.decode(row.detail) for row in rows}


def fill(conn: sa.Connection) -> None:
    events = []
    for place, (name, at_ns) in enumerate(BOTH, 1):
        about = {"trouble": "away", "scope": "site", "name": "s", "severity": 2, "raised_ns": at_ns, "most": 1}
        conn.execute(alarm.insert().values(id=name, **about, cleared_ns=at_ns))
        conn.execute(alarm.insert().values(id=f"{name}-stands", **about))
        events += [
            {"seq": 10 * place + at, "at_ns": at_ns, "alarm": whose, "who": "", "event": "{}"}
            for at, whose in enumerate((name, f"{name}-stands", None))
        ]
        conn.execute(alarm_site.insert().values(alarm=name, site="s", joined_ns=at_ns))
        work = {"scope": "site", "name": "s", "from_ns": at_ns, "until_ns": at_ns, "planned_by": "p", "why": "w"}
        conn.execute(alarm_work.insert().values(id=name, **work))
        entry = {"at_ns": at_ns, "person": "p", "name": "P", "kind": "call", "note": "nói chuyện"}
        conn.execute(duty_entry.insert(), [{"site": site, **entry} for site in ("s", name)])
        sheet = {
            "giver": "g",
            "giver_name": "G",
            "taker": "t",
            "taker_name": "T",
            "since_ns": 0,
            "note": "",
            "version": 1,
        }
        for state in ("accepted", "offered"):
            whole = {"id": f"{name}-{state}", "at_ns": at_ns, "state": state, "contents": b"{}", **sheet}
            conn.execute(duty_handover.insert().values(**whole))
        order(conn, name, at_ns, "done")
        order(conn, f"{name}-open", at_ns, "waiting")
        line = {"site": "s", "from_site": True, "person": "", "said_by": "", "at_ns": at_ns, "received_ns": at_ns}
        conn.execute(chat_line.insert().values(id=name, text=f"{name} words", **line))
        kept = {"site": "s", "stream": "x", "digest": bytes(32), "received_ns": at_ns, "fault": "unasked: no"}
        conn.execute(record_stream.insert().values(sequence=place, set_aside=b"what came", **kept))
    conn.execute(alarm_event.insert(), events)


def order(conn: sa.Connection, name: str, at_ns: int, state: str) -> None:
    by = {"person": "p", "username": "u", "name": "N", "role": "operator", "scope": "", "text_vi": "", "text_en": ""}
    times = {"at_ns": at_ns, "leaves_ns": at_ns, "expires_ns": at_ns}
    conn.execute(site_order.insert().values(id=name, kind="collect_logs", forced=False, **by, **times))
    conn.execute(order_at_site.insert().values(order=name, site="s", state=state, reason="", times=1, roll_call=""))
    conn.execute(
        site_log_piece.insert().values(order=name, site="s", place=0, pieces=1, octets=b"x", received_ns=at_ns)
    )


@pytest.fixture
async def cellar(tmp_path: Path) -> AsyncIterator[Cellar]:
    database = await Database.open(f"sqlite:///{tmp_path / 'centre.sqlite3'}")
    try:
        await database.write(fill)
        yield Cellar(database)
    finally:
        await database.close()


async def test_a_night_forgets_what_is_over_and_the_trail_tells_of_it(cellar: Cellar, tmp_path: Path) -> None:
    assert await cellar.retention().night() > 0
    assert await cellar.ids(alarm.c.id) == {"old-stands", "young", "young-stands"}
    assert await cellar.ids(alarm_site.c.alarm) == {"young"}
    assert await cellar.ids(alarm_event.c.seq) == {11, 20, 21, 22}
    assert await cellar.ids(alarm_work.c.id) == {"young"}
    # A site's last word in the book stays, whenever it was said.
    assert await cellar.ids(duty_entry.c.site) == {"s", "old", "young"}
    assert await cellar.ids(duty_entry.c.at_ns) == {OLD, YOUNG}
    assert await cellar.ids(duty_handover.c.id) == {"old-offered", "young-accepted", "young-offered"}
    for orders in (site_order.c.id, order_at_site.c.order, site_log_piece.c.order):
        assert await cellar.ids(orders) == {"old-open", "young", "young-open"}
    assert await cellar.ids(chat_line.c.id) == {"young"}
    assert await cellar.ids(record_stream.c.set_aside) == {None, b"what came"}
    assert len(await cellar.ids(record_stream.c.sequence)) == 2
    told = await cellar.trail()
    assert set(told) == {"alarms", "duty", "orders", "chat", "set_aside"}
    assert told["chat"] == {"rows": 1, "before_ms": (NOW - 180 * DAY_NS) // 10**6, "days": 180}
    assert [file.name for file in tmp_path.glob("centre*") if b"old words" in file.read_bytes()] == []
    assert await cellar.retention().night() == 0


async def test_what_is_kept_for_ever_stays(cellar: Cellar) -> None:
    names = Configured.__struct_fields__
    assert await cellar.retention(Configured(**dict.fromkeys(names, 0))).night() == 0
    assert len(await cellar.ids(chat_line.c.id)) == 2


async def test_a_clock_that_the_sites_do_not_bear_out_forgets_nothing(cellar: Cellar) -> None:
    cellar.offsets = [400 * 86_400_000.0] * 5
    assert await cellar.retention().night() == 0
    assert await cellar.trail() == {}


async def test_more_than_one_helping_goes_in_one_night(cellar: Cellar) -> None:
    line = {"site": "s", "from_site": True, "person": "", "said_by": "", "text": "x", "at_ns": OLD, "received_ns": OLD}
    rows = [{"id": f"line-{at}", **line} for at in range(1300)]
    newest = {"id": "last", **line}
    await cellar.database.write(lambda conn: conn.execute(chat_line.insert(), [*rows, newest]))
    await cellar.retention().night()
    assert await cellar.ids(chat_line.c.id) == {"young", "last"}


def test_it_is_done_once_a_night_or_by_day_where_nights_are_dark() -> None:
    midnight = 1_799_946_000 * 10**9  # 00:00 in Vietnam
    two = midnight + 2 * HOUR_NS
    assert is_due(two, midnight - HOUR_NS)
    assert not is_due(two + HOUR_NS // 2, two)
    assert not is_due(midnight + 12 * HOUR_NS, two)
    assert is_due(midnight + 36 * HOUR_NS, two)
