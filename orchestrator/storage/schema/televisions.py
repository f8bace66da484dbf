"""Table of televisions that show the wall: neither link nor key is stored, only their hashes."""

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

televisions = sa.Table(
    "televisions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("person", Id, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, unique=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("made_by", sa.String(64), nullable=False),
    sa.Column("made_ns", Ns, nullable=False),
    sa.Column("link_hash", sa.LargeBinary(32), nullable=True, unique=True),
    sa.Column("link_until_ns", Ns, nullable=False),
    sa.Column("key_hash", sa.LargeBinary(32), nullable=True, unique=True),
    sa.Column("entered_ns", Ns, nullable=True),
    sa.Column("seen_ns", Ns, nullable=True),
    sa.Column("revoked_ns", Ns, nullable=True),
)
