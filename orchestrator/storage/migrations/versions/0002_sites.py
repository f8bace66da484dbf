"""Tables of sites."""

import sqlalchemy as sa
from alembic import op

revision = "0002_sites"
down_revision: str | None = "0001_access"


def upgrade() -> None:
    op.create_table(
        "places",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("parent", sa.String(40), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_places"),
        sa.ForeignKeyConstraint(["parent"], ["places.id"], name="fk_places_parent"),
        sa.UniqueConstraint("parent", "kind", "name", name="uq_places_parent_kind_name"),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("expected", sa.Integer, nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary, nullable=False),
        sa.Column("last_seen_ns", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sites"),
        sa.ForeignKeyConstraint(["place"], ["places.id"], name="fk_sites_place"),
        sa.UniqueConstraint("code", name="uq_sites_code"),
    )
    op.create_table(
        "participants",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_participants"),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name="fk_participants_site"),
    )
    op.create_index("ix_participants_site", "participants", ["site"])
    op.create_table(
        "pairing_codes",
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("expires_ns", sa.BigInteger, nullable=False),
        sa.Column("used_ns", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name="pk_pairing_codes"),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name="fk_pairing_codes_site"),
    )
    op.create_index("ix_pairing_codes_site", "pairing_codes", ["site"])
    op.create_table(
        "enrolments",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("sign_key", sa.LargeBinary(32), nullable=False),
        sa.Column("box_key", sa.LargeBinary(32), nullable=False),
        sa.Column("agent_version", sa.String(40), nullable=False),
        sa.Column("platform", sa.String(300), nullable=False),
        sa.Column("paired_ns", sa.BigInteger, nullable=False),
        sa.Column("revoked_ns", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_enrolments"),
        sa.ForeignKeyConstraint(["site"], ["sites.id"], name="fk_enrolments_site"),
    )
    op.create_index("ix_enrolments_site", "enrolments", ["site"])


def downgrade() -> None:
    for table in ("enrolments", "pairing_codes", "participants", "sites", "places"):
        op.drop_table(table)
