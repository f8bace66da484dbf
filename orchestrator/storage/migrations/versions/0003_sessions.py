"""Tables of sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0003_sessions"
down_revision: str | None = "0002_sites"


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("topic", sa.String(200), nullable=False),
        sa.Column("lecturer", sa.String(40)),
        sa.Column("lecturer_name", sa.String(120), nullable=False),
        sa.Column("starts_ns", sa.BigInteger, nullable=False),
        sa.Column("ends_ns", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
    )
    op.create_table(
        "session_site",
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_session_site_session"),
        sa.PrimaryKeyConstraint("session", "site", name="pk_session_site"),
    )
    op.create_table(
        "session_order",
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(40), nullable=False),
        sa.Column("order", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_session_order_session"),
        sa.PrimaryKeyConstraint("session", "version", name="pk_session_order"),
    )


def downgrade() -> None:
    for table in ("session_order", "session_site", "session"):
        op.drop_table(table)
