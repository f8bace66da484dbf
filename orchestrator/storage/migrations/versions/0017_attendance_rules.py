"""Rules and plans of roll calls, repeated evidence, ticked rosters, corrections, looks at pictures, erasures."""

import sqlalchemy as sa
from alembic import op

revision = "0017_attendance_rules"
down_revision: str | None = "0016_duty"

_ROLL_CALL = (
    ("kind", sa.String(16), "order"),
    ("policy", sa.String(16), "count_only"),
    ("keep_days", sa.Integer, "30"),
    ("tolerance", sa.Integer, "3"),
)


def upgrade() -> None:
    with op.batch_alter_table("roll_call") as batch:
        for name, kind, default in _ROLL_CALL:
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table("declared_count") as batch:
        batch.add_column(sa.Column("signed_by", sa.String(300), nullable=False, server_default=""))
        batch.add_column(sa.Column("word", sa.Text, nullable=False, server_default=""))
    _rules()
    _rows_of_people()
    _pictures()


def _rules() -> None:
    op.create_table(
        "count_again",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("roll_call", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.Column("evidence", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["roll_call"], ["roll_call.id"], name="fk_count_again_roll_call"),
        sa.PrimaryKeyConstraint("id", name="pk_count_again"),
    )
    op.create_index("ix_count_again_site", "count_again", ["site"])
    op.create_table(
        "attendance_rule",
        sa.Column("course", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("policy", sa.String(16), nullable=False),
        sa.Column("keep_days", sa.Integer, nullable=False),
        sa.Column("seen_by", sa.String(300), nullable=False),
        sa.Column("tolerance", sa.Integer, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["course.id"], name="fk_attendance_rule_course"),
        sa.PrimaryKeyConstraint("course", "version", name="pk_attendance_rule"),
    )
    op.create_table(
        "roll_plan",
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at_start", sa.Boolean, nullable=False),
        sa.Column("after_break", sa.Boolean, nullable=False),
        sa.Column("at_random", sa.Integer, nullable=False),
        sa.Column("settle_s", sa.Integer, nullable=False),
        sa.Column("apart_s", sa.Integer, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_roll_plan_session"),
        sa.PrimaryKeyConstraint("session", "version", name="pk_roll_plan"),
    )


def _rows_of_people() -> None:
    op.create_table(
        "roster_tick",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("session", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("present", sa.Boolean, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"], name="fk_roster_tick_session"),
        sa.PrimaryKeyConstraint("id", name="pk_roster_tick"),
    )
    op.create_index("ix_roster_tick_session", "roster_tick", ["session"])
    op.create_table(
        "count_correction",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("roll_call", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("before", sa.Integer),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["roll_call"], ["roll_call.id"], name="fk_count_correction_roll_call"),
        sa.PrimaryKeyConstraint("id", name="pk_count_correction"),
    )
    op.create_index("ix_count_correction_roll_call", "count_correction", ["roll_call"])


def _pictures() -> None:
    op.create_table(
        "picture_review",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("roll_call", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["roll_call"], ["roll_call.id"], name="fk_picture_review_roll_call"),
        sa.PrimaryKeyConstraint("id", name="pk_picture_review"),
    )
    op.create_index("ix_picture_review_roll_call", "picture_review", ["roll_call"])
    op.create_table(
        "picture_erasure",
        sa.Column("roll_call", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("due_ns", sa.BigInteger, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["roll_call"], ["roll_call.id"], name="fk_picture_erasure_roll_call"),
        sa.PrimaryKeyConstraint("roll_call", "site", name="pk_picture_erasure"),
    )


def downgrade() -> None:
    added = (
        "picture_erasure",
        "picture_review",
        "count_correction",
        "roster_tick",
        "roll_plan",
        "attendance_rule",
        "count_again",
    )
    for table in added:
        op.drop_table(table)
    with op.batch_alter_table("declared_count") as batch:
        batch.drop_column("word")
        batch.drop_column("signed_by")
    with op.batch_alter_table("roll_call") as batch:
        for name, _kind, _default in reversed(_ROLL_CALL):
            batch.drop_column(name)
