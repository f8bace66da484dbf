"""Tables of who is on air."""

import sqlalchemy as sa
from alembic import op

revision = "0026_air"
down_revision: str | None = "0025_lecture_sources"


def upgrade() -> None:
    op.create_table(
        "session_air",
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("want", sa.String(16), nullable=False),
        sa.Column("standby_armed", sa.Boolean, nullable=False),
        sa.Column("auto_return", sa.Boolean, nullable=False),
        sa.Column("resumes_ns", sa.BigInteger, nullable=True),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_session_air_session"),
        sa.PrimaryKeyConstraint("session", name="pk_session_air"),
    )
    op.create_table(
        "session_air_turn",
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("seat", sa.String(16), nullable=False),
        sa.Column("why", sa.String(24), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("from_ns", sa.BigInteger, nullable=False),
        sa.Column("until_ns", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_session_air_turn_session"),
        sa.PrimaryKeyConstraint("session", "number", name="pk_session_air_turn"),
    )


def downgrade() -> None:
    op.drop_table("session_air_turn")
    op.drop_table("session_air")
