"""The durable streams of the sites: which numbers came, and how far each stream is committed."""

from __future__ import annotations

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

record_stream = sa.Table(
    "record_stream",
    metadata,
    sa.Column("site", Id, primary_key=True),
    sa.Column("stream", Id, primary_key=True),
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("received_ns", Ns, nullable=False),
    sa.Column("fault", sa.String(200)),
    sa.Column("set_aside", sa.LargeBinary),
)

record_watermark = sa.Table(
    "record_watermark",
    metadata,
    sa.Column("site", Id, primary_key=True),
    sa.Column("stream", Id, primary_key=True),
    sa.Column("through", sa.BigInteger, nullable=False),
)
