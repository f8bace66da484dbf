"""Table of ordered rungs: how much of a lecture a room gets by an operator's word."""

import sqlalchemy as sa
from alembic import op

revision = "0029_session_rungs"
down_revision: str | None = "0028_clips"


def upgrade() -> None:
    op.create_table(
        "session_rung",
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("rung", sa.String(16), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_session_rung_session"),
        sa.PrimaryKeyConstraint("session", "site", name="pk_session_rung"),
    )


def downgrade() -> None:
    op.drop_table("session_rung")
