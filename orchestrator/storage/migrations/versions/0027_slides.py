"""Tables of slides: decks, their pages, and every turn."""

import sqlalchemy as sa
from alembic import op

revision = "0027_slides"
down_revision: str | None = "0026_air"


def upgrade() -> None:
    op.create_table(
        "slide_deck",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("at_page", sa.Integer, nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slide_deck"),
    )
    op.create_index("ix_slide_deck_session", "slide_deck", ["session"])
    op.create_index("ix_slide_deck_made_ns", "slide_deck", ["made_ns"])
    op.create_table(
        "slide_page",
        sa.Column("deck", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("small", sa.LargeBinary(32), nullable=False),
        sa.Column("small_bytes", sa.Integer, nullable=False),
        sa.Column("large", sa.LargeBinary(32), nullable=False),
        sa.Column("large_bytes", sa.Integer, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["deck"], ["slide_deck.id"], name="fk_slide_page_deck", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("deck", "place", name="pk_slide_page"),
    )
    op.create_index("ix_slide_page_small", "slide_page", ["small"])
    op.create_index("ix_slide_page_large", "slide_page", ["large"])
    op.create_table(
        "slide_turn",
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("deck", sa.String(40), nullable=True),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("layout", sa.String(16), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("session", "version", name="pk_slide_turn"),
    )


def downgrade() -> None:
    for table in ("slide_turn", "slide_page", "slide_deck"):
        op.drop_table(table)
