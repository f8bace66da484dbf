"""Tables of courses and essays."""

import sqlalchemy as sa
from alembic import op

revision = "0012_essays"
down_revision: str | None = "0011_exam_results"


def upgrade() -> None:
    _courses()
    _handing_in()
    _marking()


def _courses() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("begins_ns", sa.BigInteger, nullable=False),
        sa.Column("ends_ns", sa.BigInteger, nullable=False),
        sa.Column("sessions", sa.Text, nullable=False),
        sa.Column("exam", sa.String(40), nullable=True),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_course"),
    )
    op.create_table(
        "course_participant",
        sa.Column("course", sa.String(40), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("attendance", sa.Integer, nullable=True),
        sa.ForeignKeyConstraint(["course"], ["course.id"], name="fk_course_participant_course"),
        sa.PrimaryKeyConstraint("course", "number", name="pk_course_participant"),
    )
    op.create_index("ix_course_participant_site", "course_participant", ["course", "site"])
    op.create_table(
        "course_list",
        sa.Column("course", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("contents", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["course.id"], name="fk_course_list_course"),
        sa.PrimaryKeyConstraint("course", "site", "version", name="pk_course_list"),
    )


def _handing_in() -> None:
    op.create_table(
        "essay",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("course", sa.String(40), nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("created_ns", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["course"], ["course.id"], name="fk_essay_course"),
        sa.PrimaryKeyConstraint("id", name="pk_essay"),
        sa.UniqueConstraint("course", name="uq_essay_course"),
    )
    op.create_table(
        "essay_draft",
        sa.Column("essay", sa.String(40), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("saved_ns", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["essay"], ["essay.id"], name="fk_essay_draft_essay"),
        sa.PrimaryKeyConstraint("essay", "number", name="pk_essay_draft"),
    )
    op.create_table(
        "essay_upload",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("essay", sa.String(40), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(160), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=True),
        sa.Column("created_ns", sa.BigInteger, nullable=False),
        sa.Column("collected_ns", sa.BigInteger, nullable=True),
        sa.Column("version", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["essay"], ["essay.id"], name="fk_essay_upload_essay"),
        sa.PrimaryKeyConstraint("id", name="pk_essay_upload"),
    )
    op.create_index("ix_essay_upload_essay", "essay_upload", ["essay"])
    op.create_table(
        "essay_version",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("essay", sa.String(40), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("form", sa.String(8), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.String(160), nullable=False),
        sa.Column("receipt", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("pages", sa.Integer, nullable=True),
        sa.Column("words", sa.Integer, nullable=True),
        sa.ForeignKeyConstraint(["essay"], ["essay.id"], name="fk_essay_version_essay"),
        sa.PrimaryKeyConstraint("id", name="pk_essay_version"),
        sa.UniqueConstraint("essay", "number", "place", name="uq_essay_version_essay_number_place"),
    )
    op.create_index("ix_essay_version_state", "essay_version", ["state"])


def _marking() -> None:
    op.create_table(
        "essay_marker",
        sa.Column("essay", sa.String(40), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["essay"], ["essay.id"], name="fk_essay_marker_essay"),
        sa.PrimaryKeyConstraint("essay", "person", name="pk_essay_marker"),
    )
    op.create_table(
        "essay_marking",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("essay", sa.String(40), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("slot", sa.Integer, nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("marker", sa.String(40), nullable=False),
        sa.Column("assigned_ns", sa.BigInteger, nullable=False),
        sa.Column("mark", sa.Integer, nullable=True),
        sa.Column("scores", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("marked_ns", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(["essay"], ["essay.id"], name="fk_essay_marking_essay"),
        sa.PrimaryKeyConstraint("id", name="pk_essay_marking"),
        sa.UniqueConstraint("essay", "number", "slot", name="uq_essay_marking_essay_number_slot"),
    )
    op.create_index("ix_essay_marking_marker", "essay_marking", ["marker"])
    op.create_table(
        "essay_marking_change",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("marking", sa.String(40), nullable=False),
        sa.Column("marker", sa.String(40), nullable=False),
        sa.Column("mark", sa.Integer, nullable=False),
        sa.Column("scores", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["marking"], ["essay_marking.id"], name="fk_essay_marking_change_marking"),
        sa.PrimaryKeyConstraint("id", name="pk_essay_marking_change"),
    )
    op.create_index("ix_essay_marking_change_marking", "essay_marking_change", ["marking"])


def downgrade() -> None:
    for table in (
        "essay_marking_change",
        "essay_marking",
        "essay_marker",
        "essay_version",
        "essay_upload",
        "essay_draft",
        "essay",
        "course_list",
        "course_participant",
        "course",
    ):
        op.drop_table(table)
