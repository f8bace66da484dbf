"""Tables of sites: places, sites, participants, pairing codes, enrolments."""

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

places = sa.Table(
    "places",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("parent", Id, sa.ForeignKey("places.id"), nullable=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.UniqueConstraint("parent", "kind", "name"),
)

sites = sa.Table(
    "sites",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("code", sa.String(32), nullable=False, unique=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("level", sa.String(20), nullable=False),
    sa.Column("place", Id, sa.ForeignKey("places.id"), nullable=False),
    sa.Column("expected", sa.Integer, nullable=False),
    sa.Column("contact", sa.String(200), nullable=False),
    sa.Column("phone", sa.String(20), nullable=False),
    sa.Column("provider", sa.String(40), nullable=False, server_default=""),
    sa.Column("sealed_secret", sa.LargeBinary, nullable=False),
    sa.Column("last_seen_ns", Ns, nullable=True),
)

participants = sa.Table(
    "participants",
    metadata,
    sa.Column("number", sa.String(32), primary_key=True),
    sa.Column("site", Id, sa.ForeignKey("sites.id"), nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("extra_s", sa.Integer, nullable=False, server_default="0"),
)

pairing_codes = sa.Table(
    "pairing_codes",
    metadata,
    sa.Column("code_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("site", Id, sa.ForeignKey("sites.id"), nullable=False, index=True),
    sa.Column("expires_ns", Ns, nullable=False),
    sa.Column("used_ns", Ns, nullable=True),
)

enrolments = sa.Table(
    "enrolments",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("site", Id, sa.ForeignKey("sites.id"), nullable=False, index=True),
    sa.Column("sign_key", sa.LargeBinary(32), nullable=False),
    sa.Column("box_key", sa.LargeBinary(32), nullable=False),
    sa.Column("agent_version", sa.String(40), nullable=False),
    sa.Column("platform", sa.String(300), nullable=False),
    sa.Column("paired_ns", Ns, nullable=False),
    sa.Column("revoked_ns", Ns, nullable=True),
)
