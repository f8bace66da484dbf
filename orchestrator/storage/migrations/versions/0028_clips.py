"""Films that were sent for a session, and which source plays which."""

import sqlalchemy as sa
from alembic import op

revision = "0028_clips"
down_revision: str | None = "0027_slides"


def upgrade() -> None:
    op.create_table(
        "lecture_clip",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_ns", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("length_ms", sa.BigInteger, nullable=False),
        sa.Column("picture", sa.String(80), nullable=False),
        sa.Column("sound", sa.String(80), nullable=False),
        sa.Column("converted", sa.String(16), nullable=False),
        sa.Column("turned", sa.Boolean, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_lecture_clip"),
    )
    op.create_index("ix_lecture_clip_session", "lecture_clip", ["session"])
    op.create_index("ix_lecture_clip_digest", "lecture_clip", ["digest"])
    op.add_column("lecture_source", sa.Column("clip", sa.String(40), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("lecture_source", "clip")
    op.drop_table("lecture_clip")
