"""Tables of attendance."""

import sqlalchemy as sa
from alembic import op

revision = "0004_attendance"
down_revision: str | None = "0003_sessions"


def upgrade() -> None:
    op.create_table(
        "roll_call",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("ordered_by", sa.String(40), nullable=False),
        sa.Column("frames", sa.Integer, nullable=False),
        sa.Column("span_ms", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_roll_call_session"),
        sa.PrimaryKeyConstraint("id", name="pk_roll_call"),
    )
    op.create_table(
        "roll_call_site",
        sa.Column("roll_call", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["roll_call"], ["roll_call.id"], name="fk_roll_call_site_roll_call"),
        sa.PrimaryKeyConstraint("roll_call", "site", name="pk_roll_call_site"),
    )
    op.create_table(
        "site_count",
        sa.Column("roll_call", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer),
        sa.Column("minimum", sa.Integer, nullable=False),
        sa.Column("maximum", sa.Integer, nullable=False),
        sa.Column("frames_used", sa.Integer, nullable=False),
        sa.Column("quality", sa.Float, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("lo_ns", sa.BigInteger, nullable=False),
        sa.Column("hi_ns", sa.BigInteger, nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.Column("evidence", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("picture", sa.LargeBinary),
        sa.ForeignKeyConstraint(["roll_call"], ["roll_call.id"], name="fk_site_count_roll_call"),
        sa.PrimaryKeyConstraint("roll_call", "site", name="pk_site_count"),
    )
    op.create_table(
        "declared_count",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("roll_call", sa.String(40)),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_declared_count"),
    )
    op.create_index("ix_declared_count_site", "declared_count", ["site"])


def downgrade() -> None:
    for table in ("declared_count", "site_count", "roll_call_site", "roll_call"):
        op.drop_table(table)
