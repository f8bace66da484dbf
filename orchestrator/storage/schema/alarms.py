"""Tables of alarms: what stands and stood, who was under it, what happened, planned work, channels, rules."""

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

alarm = sa.Table(
    "alarm",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("trouble", sa.String(16), nullable=False),
    sa.Column("scope", sa.String(16), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("severity", sa.Integer, nullable=False),
    sa.Column("raised_ns", Ns, nullable=False),
    sa.Column("cleared_ns", Ns, nullable=True, index=True),
    sa.Column("most", sa.Integer, nullable=False),
)

alarm_site = sa.Table(
    "alarm_site",
    metadata,
    sa.Column("alarm", Id, sa.ForeignKey("alarm.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True, index=True),
    sa.Column("joined_ns", Ns, nullable=False),
    sa.Column("left_ns", Ns, nullable=True),
)
"""Who was ever under an alarm; ``joined_ns`` of the first time, ``left_ns`` of the last."""

alarm_event = sa.Table(
    "alarm_event",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at_ns", Ns, nullable=False, index=True),
    sa.Column("alarm", Id, nullable=True, index=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("event", sa.Text, nullable=False),
)
"""Everything that happened, in order; rows are only added."""

alarm_work = sa.Table(
    "alarm_work",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("scope", sa.String(16), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("from_ns", Ns, nullable=False),
    sa.Column("until_ns", Ns, nullable=False),
    sa.Column("planned_by", sa.String(64), nullable=False),
    sa.Column("why", sa.String(400), nullable=False),
    sa.Column("ended_ns", Ns, nullable=True),
)

alarm_rules = sa.Table(
    "alarm_rules",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("rules", sa.Text, nullable=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
)
"""Every version of the rules; the newest counts."""

alarm_channel = sa.Table(
    "alarm_channel",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("wish", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("created_ns", Ns, nullable=False),
)
"""Ways of telling people; ``sealed`` holds what nobody may read again, under the centre's key at rest."""
