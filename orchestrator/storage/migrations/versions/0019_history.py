"""Tables of the sites' history."""

import sqlalchemy as sa
from alembic import op

revision = "0019_history"
down_revision: str | None = "0018_alarms"


def upgrade() -> None:
    op.create_table(
        "site_change",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("facet", sa.String(16), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site_change"),
    )
    op.create_index("ix_site_change_at_ns", "site_change", ["at_ns"])
    op.create_index("ix_site_change_site_facet_at_ns", "site_change", ["site", "facet", "at_ns"])
    op.create_table(
        "site_span",
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("ledger", sa.String(40), nullable=False),
        sa.Column("row", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("facet", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("from_ns", sa.BigInteger, nullable=False),
        sa.Column("until_ns", sa.BigInteger, nullable=False),
        sa.Column("sure", sa.Boolean, nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("site", "ledger", "row", name="pk_site_span"),
    )
    op.create_index("ix_site_span_until_ns", "site_span", ["until_ns"])
    op.create_table(
        "site_event",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("params", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site_event"),
    )
    op.create_index("ix_site_event_at_ns", "site_event", ["at_ns"])
    op.create_index("ix_site_event_site_at_ns", "site_event", ["site", "at_ns"])
    op.create_table(
        "history_mark",
        sa.Column("one", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_history_mark"),
    )


def downgrade() -> None:
    for table in ("history_mark", "site_event", "site_span", "site_change"):
        op.drop_table(table)
