"""Tables of orders, their standing at each site, collected logs, and chats."""

import sqlalchemy as sa
from alembic import op

revision = "0021_orders"
down_revision: str | None = "0020_televisions"


def upgrade() -> None:
    _orders()
    _logs()
    _chats()


def _orders() -> None:
    op.create_table(
        "site_order",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("leaves_ns", sa.BigInteger, nullable=False),
        sa.Column("expires_ns", sa.BigInteger, nullable=False),
        sa.Column("forced", sa.Boolean, nullable=False),
        sa.Column("text_vi", sa.Text, nullable=False),
        sa.Column("text_en", sa.Text, nullable=False),
        sa.Column("withdrawn_ns", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_site_order"),
    )
    op.create_index("ix_site_order_at_ns", "site_order", ["at_ns"])
    op.create_index("ix_site_order_expires_ns", "site_order", ["expires_ns"])
    op.create_table(
        "order_at_site",
        sa.Column("order", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("sent_ns", sa.BigInteger),
        sa.Column("seen_ns", sa.BigInteger),
        sa.Column("ended_ns", sa.BigInteger),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("roll_call", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["order"], ["site_order.id"], name="fk_order_at_site_order"),
        sa.PrimaryKeyConstraint("order", "site", name="pk_order_at_site"),
    )


def _logs() -> None:
    op.create_table(
        "site_log_piece",
        sa.Column("order", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("pieces", sa.Integer, nullable=False),
        sa.Column("octets", sa.LargeBinary, nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["order"], ["site_order.id"], name="fk_site_log_piece_order"),
        sa.PrimaryKeyConstraint("order", "site", "place", name="pk_site_log_piece"),
    )
    op.create_index("ix_site_log_piece_received_ns", "site_log_piece", ["received_ns"])


def _chats() -> None:
    op.create_table(
        "chat_line",
        sa.Column("place", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("from_site", sa.Boolean, nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("said_by", sa.String(200), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.Column("delivered_ns", sa.BigInteger),
        sa.Column("session", sa.String(40)),
        sa.PrimaryKeyConstraint("place", name="pk_chat_line"),
        sa.UniqueConstraint("id", name="uq_chat_line_id"),
    )
    op.create_index("ix_chat_line_site", "chat_line", ["site", "place"])
    op.create_index("ix_chat_line_session", "chat_line", ["session"])
    op.create_table(
        "chat_closed",
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("through", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("site", name="pk_chat_closed"),
    )


def downgrade() -> None:
    for table in ("chat_closed", "chat_line", "site_log_piece", "order_at_site", "site_order"):
        op.drop_table(table)
