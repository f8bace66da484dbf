"""Who sells a site its line; tables of alarms."""

import sqlalchemy as sa
from alembic import op

revision = "0018_alarms"
down_revision: str | None = "0017_attendance_rules"


def upgrade() -> None:
    op.add_column("sites", sa.Column("provider", sa.String(40), nullable=False, server_default=""))
    op.create_table(
        "alarm",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("trouble", sa.String(16), nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("raised_ns", sa.BigInteger, nullable=False),
        sa.Column("cleared_ns", sa.BigInteger, nullable=True),
        sa.Column("most", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
    )
    op.create_index("ix_alarm_cleared_ns", "alarm", ["cleared_ns"])
    op.create_table(
        "alarm_site",
        sa.Column("alarm", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("joined_ns", sa.BigInteger, nullable=False),
        sa.Column("left_ns", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(["alarm"], ["alarm.id"], name="fk_alarm_site_alarm"),
        sa.PrimaryKeyConstraint("alarm", "site", name="pk_alarm_site"),
    )
    op.create_index("ix_alarm_site_site", "alarm_site", ["site"])
    op.create_table(
        "alarm_event",
        sa.Column("seq", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("alarm", sa.String(40), nullable=True),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_alarm_event"),
    )
    op.create_index("ix_alarm_event_at_ns", "alarm_event", ["at_ns"])
    op.create_index("ix_alarm_event_alarm", "alarm_event", ["alarm"])
    op.create_table(
        "alarm_work",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("from_ns", sa.BigInteger, nullable=False),
        sa.Column("until_ns", sa.BigInteger, nullable=False),
        sa.Column("planned_by", sa.String(64), nullable=False),
        sa.Column("why", sa.String(400), nullable=False),
        sa.Column("ended_ns", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alarm_work"),
    )
    op.create_table(
        "alarm_rules",
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_alarm_rules"),
    )
    op.create_table(
        "alarm_channel",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("wish", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alarm_channel"),
    )
