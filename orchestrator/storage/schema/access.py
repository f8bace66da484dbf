"""Tables of access: people, their logins, the audit trail."""

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

people = sa.Table(
    "people",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("username", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("password_hash", sa.String(255), nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("created_ns", Ns, nullable=False),
)

logins = sa.Table(
    "logins",
    metadata,
    sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("person", Id, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("created_ns", Ns, nullable=False),
    sa.Column("seen_ns", Ns, nullable=False),
)

sign_in_links = sa.Table(
    "sign_in_links",
    metadata,
    sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("person", Id, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, unique=True),
    sa.Column("from_ns", Ns, nullable=False),
    sa.Column("until_ns", Ns, nullable=False),
)
"""Links that sign a person in once, without a password; a new one takes the place of the one before."""

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("target", sa.String(200), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("prev", sa.LargeBinary(32), nullable=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
)
