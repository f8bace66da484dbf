"""Table of the sources of lectures."""

import sqlalchemy as sa
from alembic import op

revision = "0025_lecture_sources"
down_revision: str | None = "0024_recordings"


def upgrade() -> None:
    op.create_table(
        "lecture_source",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("seat", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("shown", sa.String(600), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_ns", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("key_hash", sa.LargeBinary(32)),
        sa.Column("wanted", sa.Boolean, nullable=False),
        sa.Column("repeat", sa.Boolean, nullable=False),
        sa.Column("removed_ns", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_lecture_source"),
        sa.UniqueConstraint("key_hash", name="uq_lecture_source_key_hash"),
    )
    op.create_index("ix_lecture_source_session", "lecture_source", ["session"])


def downgrade() -> None:
    op.drop_table("lecture_source")
