"""The audit trail: who did what, append-only, each row hashed onto the one before it.

A row is written in the transaction of the deed itself: neither exists without the other. Personal data stays out of
`detail`: ids, codes and counts are enough to find it.
"""

from collections.abc import Iterable, Mapping

import msgspec

from orchestrator.access import store
from orchestrator.access.store import AuditRow, Connection
from orchestrator.clock import Clock
from wire.chain import GENESIS, link_hash


class Verdict(msgspec.Struct, frozen=True):
    """Outcome of a verification: rows read, and the first sequence number that does not fit (None: all do)."""

    rows: int
    broken_at: int | None


class Audit:
    """Writes and verifies the trail."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def record(
        self, conn: Connection, who: str, action: str, target: str = "", detail: Mapping[str, object] | str = ""
    ) -> AuditRow:
        """Append one deed inside the caller's transaction. `who` is a username, or `site:<code>` for a site."""
        seq, prev = store.audit_tail(conn) or (0, GENESIS)
        text = detail if isinstance(detail, str) else msgspec.json.encode(detail).decode()
        row = chained(prev, seq=seq + 1, at_ns=self._clock.now_ns(), who=who, action=action, target=target, detail=text)
        store.append_audit(conn, row)
        return row

    def newest(self, conn: Connection, limit: int) -> list[AuditRow]:
        """The last deeds, newest first."""
        return store.newest_audit(conn, limit)

    def verify(self, conn: Connection) -> Verdict:
        """Recompute the whole chain. A cut-off tail shows only against a head noted elsewhere."""
        return check(store.audit_from_start(conn))


def chained(prev: bytes, *, seq: int, at_ns: int, who: str, action: str, target: str, detail: str) -> AuditRow:
    """The row with its hash: SHA-256 of the previous hash and the msgpack array of the six fields."""
    content = msgspec.msgpack.encode([seq, at_ns, who, action, target, detail])
    return AuditRow(seq, at_ns, who, action, target, detail, prev, link_hash(prev, content))


def check(rows: Iterable[AuditRow]) -> Verdict:
    """Whether rows from the first on are numbered without a gap and chained."""
    seq, prev = 0, GENESIS
    for row in rows:
        expected = chained(
            prev,
            seq=seq + 1,
            at_ns=row.at_ns,
            who=row.who,
            action=row.action,
            target=row.target,
            detail=row.detail,
        )
        if row != expected:
            return Verdict(seq, row.seq)
        seq, prev = row.seq, row.hash
    return Verdict(seq, None)
