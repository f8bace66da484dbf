"""Tables of recordings: rules of courses, switches, files, marks, erasures."""

import sqlalchemy as sa
from alembic import op

revision = "0024_recordings"
down_revision: str | None = "0023_floor"


def upgrade() -> None:
    op.create_table(
        "recording_rule",
        sa.Column("course", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("record", sa.Boolean, nullable=False),
        sa.Column("keep_days", sa.Integer, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["course.id"], name="fk_recording_rule_course"),
        sa.PrimaryKeyConstraint("course", "version", name="pk_recording_rule"),
    )
    op.create_table(
        "recording_switch",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("on", sa.Boolean, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_recording_switch_session"),
        sa.PrimaryKeyConstraint("id", name="pk_recording_switch"),
    )
    op.create_index("ix_recording_switch_session", "recording_switch", ["session"])
    _segments()
    op.create_table(
        "recording_mark",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_recording_mark_session"),
        sa.PrimaryKeyConstraint("id", name="pk_recording_mark"),
    )
    op.create_index("ix_recording_mark_session", "recording_mark", ["session"])


def _segments() -> None:
    op.create_table(
        "recording_segment",
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("track", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("file", sa.String(60), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("starts", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("keep_days", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary(32)),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("erased_ns", sa.BigInteger),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_recording_segment_session"),
        sa.PrimaryKeyConstraint("session", "track", "number", name="pk_recording_segment"),
    )
    op.create_table(
        "recording_erasure",
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("track", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("due_ns", sa.BigInteger, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session", "track", "number", name="pk_recording_erasure"),
    )


def downgrade() -> None:
    for table in (
        "recording_erasure",
        "recording_mark",
        "recording_segment",
        "recording_switch",
        "recording_rule",
    ):
        op.drop_table(table)
