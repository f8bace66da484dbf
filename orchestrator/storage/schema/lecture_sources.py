"""Tables of the sources of lectures (keys are stored as hashes, addresses sealed) and of films sent for them."""

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

lecture_source = sa.Table(
    "lecture_source",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("session", Id, nullable=False, index=True),
    sa.Column("way", sa.String(8), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("seat", sa.String(16), nullable=False),
    sa.Column("owner", Id, nullable=False),
    sa.Column("shown", sa.String(600), nullable=False),
    sa.Column("made_by", sa.String(64), nullable=False),
    sa.Column("made_ns", Ns, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("key_hash", sa.LargeBinary(32), nullable=True, unique=True),
    sa.Column("wanted", sa.Boolean, nullable=False),
    sa.Column("repeat", sa.Boolean, nullable=False),
    sa.Column("removed_ns", Ns, nullable=True),
    sa.Column("clip", Id, nullable=False, server_default=""),
)

lecture_clip = sa.Table(
    "lecture_clip",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("session", Id, nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("made_by", sa.String(64), nullable=False),
    sa.Column("made_ns", Ns, nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("length_ms", sa.BigInteger, nullable=False),
    sa.Column("picture", sa.String(80), nullable=False),
    sa.Column("sound", sa.String(80), nullable=False),
    sa.Column("converted", sa.String(16), nullable=False),
    sa.Column("turned", sa.Boolean, nullable=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=True, index=True),
)
"""Films that were sent for a session; a source of the session names the one that it plays."""
