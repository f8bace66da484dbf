"""Tables of certificates, of what the day needs, of waived findings and of rehearsals."""

import sqlalchemy as sa
from alembic import op

revision = "0015_readiness"
down_revision: str | None = "0014_officer_slips"


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("enrolment", sa.String(40), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("received_ns", sa.BigInteger, nullable=False),
        sa.Column("rehearsal", sa.String(40)),
        sa.Column("agent_version", sa.String(40), nullable=False),
        sa.Column("platform", sa.String(300), nullable=False),
        sa.Column("checks", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_certificate"),
    )
    op.create_index("ix_certificate_site_at_ns", "certificate", ["site", "at_ns"])
    op.create_table(
        "readiness_rule",
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("changed_by", sa.String(120), nullable=False),
        sa.Column("changed_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_readiness_rule"),
    )
    op.create_table(
        "readiness_waiver",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("check", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("until_ns", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_by", sa.String(120)),
        sa.Column("withdrawn_ns", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_readiness_waiver"),
    )
    op.create_index("ix_readiness_waiver_site", "readiness_waiver", ["site"])
    op.create_table(
        "rehearsal",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("from_ns", sa.BigInteger, nullable=False),
        sa.Column("t0_ns", sa.BigInteger, nullable=False),
        sa.Column("until_ns", sa.BigInteger, nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("before", sa.String(40)),
        sa.Column("start_ns", sa.BigInteger),
        sa.Column("replaces", sa.String(40)),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("planned_ns", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rehearsal"),
    )
    op.create_index("ix_rehearsal_before", "rehearsal", ["before"])
    op.create_table(
        "rehearsal_site",
        sa.Column("rehearsal", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("sent_ns", sa.BigInteger),
        sa.Column("seen_ns", sa.BigInteger),
        sa.Column("looked_ns", sa.BigInteger),
        sa.Column("certificate", sa.String(40)),
        sa.Column("result", sa.String(16)),
        sa.Column("reason", sa.String(40), nullable=False, server_default=""),
        sa.Column("lo_ms", sa.Float),
        sa.Column("hi_ms", sa.Float),
        sa.ForeignKeyConstraint(["rehearsal"], ["rehearsal.id"], name="fk_rehearsal_site_rehearsal"),
        sa.PrimaryKeyConstraint("rehearsal", "site", name="pk_rehearsal_site"),
    )


def downgrade() -> None:
    for table in ("rehearsal_site", "rehearsal", "readiness_waiver", "readiness_rule", "certificate"):
        op.drop_table(table)
