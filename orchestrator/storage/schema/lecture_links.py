"""Table of links that let a lecturer or an assistant into one session."""

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

lecture_links = sa.Table(
    "lecture_links",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("session", Id, nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("person", Id, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, unique=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("made_by", sa.String(64), nullable=False),
    sa.Column("made_ns", Ns, nullable=False),
    sa.Column("until_ns", Ns, nullable=False),
    sa.Column("link_hash", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("key_hash", sa.LargeBinary(32), nullable=True, index=True),
    sa.Column("entered_ns", Ns, nullable=True),
    sa.Column("seen_ns", Ns, nullable=True),
    sa.Column("revoked_ns", Ns, nullable=True),
)
"""`key_hash`: the browser that opened the link; one browser may hold links of several sessions."""
