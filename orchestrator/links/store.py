"""Rows of the durable streams."""

import msgspec
import sqlalchemy as sa

from orchestrator.storage.schema.links import record_stream, record_watermark
from wire.ids import SiteId


class Row(msgspec.Struct, frozen=True):
    """One number of a stream: SHA-256 of its body, and the body itself with the fault if it could not be applied."""

    sequence: int
    digest: bytes
    fault: str | None = None
    set_aside: bytes | None = None


def watermark(conn: sa.Connection, site: SiteId, stream: str) -> int:
    """Return how far the stream is committed; 0 for one never seen."""
    row = conn.execute(
        sa.select(record_watermark.c.through).where(
            record_watermark.c.site == site, record_watermark.c.stream == stream
        )
    ).first()
    return 0 if row is None else int(row.through)


def set_watermark(conn: sa.Connection, site: SiteId, stream: str, through: int) -> None:
    """Move the stream's watermark, or begin it."""
    moved = conn.execute(
        sa.update(record_watermark)
        .where(record_watermark.c.site == site, record_watermark.c.stream == stream)
        .values(through=through)
    )
    if moved.rowcount == 0:
        conn.execute(sa.insert(record_watermark).values(site=site, stream=stream, through=through))


def digests(conn: sa.Connection, site: SiteId, stream: str, first: int, last: int) -> dict[int, bytes]:
    """Return the digests kept for the numbers `first`…`last`."""
    rows = conn.execute(
        sa.select(record_stream.c.sequence, record_stream.c.digest).where(
            record_stream.c.site == site,
            record_stream.c.stream == stream,
            record_stream.c.sequence.between(first, last),
        )
    )
    return {row.sequence: bytes(row.digest) for row in rows}


def insert_records(conn: sa.Connection, site: SiteId, stream: str, rows: list[Row], received_ns: int) -> None:
    """Keep that these numbers came; a record set aside with its fault and its body."""
    if rows:
        common = {"site": site, "stream": stream, "received_ns": received_ns}
        conn.execute(sa.insert(record_stream), [{**common, **msgspec.structs.asdict(row)} for row in rows])
