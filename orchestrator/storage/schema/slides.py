"""Tables of slides: decks, their pages, and every turn."""

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

slide_deck = sa.Table(
    "slide_deck",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("session", Id, nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("at_page", sa.Integer, nullable=False),
    sa.Column("made_by", sa.String(64), nullable=False),
    sa.Column("made_ns", Ns, nullable=False, index=True),
)
"""`at_page`: of a refused deck, the page that could not be drawn; 0 when it was none."""

slide_page = sa.Table(
    "slide_page",
    metadata,
    sa.Column("deck", Id, sa.ForeignKey("slide_deck.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("small", sa.LargeBinary(32), nullable=False, index=True),
    sa.Column("small_bytes", sa.Integer, nullable=False),
    sa.Column("large", sa.LargeBinary(32), nullable=False, index=True),
    sa.Column("large_bytes", sa.Integer, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
)

slide_turn = sa.Table(
    "slide_turn",
    metadata,
    sa.Column("session", Id, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("deck", Id, nullable=True),
    sa.Column("page", sa.Integer, nullable=False),
    sa.Column("layout", sa.String(16), nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
)
"""The newest version of a session is what its screens show; all of them are the lecture's own table of contents."""
