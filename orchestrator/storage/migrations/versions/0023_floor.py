"""Tables of the floor: what happened, and written questions."""

import sqlalchemy as sa
from alembic import op

revision = "0023_floor"
down_revision: str | None = "0022_lecture_links"


def upgrade() -> None:
    op.create_table(
        "floor_event",
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("wish", sa.String(40), nullable=False),
        sa.Column("until_ns", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("session", "version", name="pk_floor_event"),
    )
    op.create_table(
        "floor_question",
        sa.Column("place", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decided_ns", sa.BigInteger),
        sa.PrimaryKeyConstraint("place", name="pk_floor_question"),
        sa.UniqueConstraint("id", name="uq_floor_question_id"),
    )
    op.create_index("ix_floor_question_session", "floor_question", ["session"])


def downgrade() -> None:
    op.drop_table("floor_question")
    op.drop_table("floor_event")
