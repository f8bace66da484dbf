"""Tables of how an exam is released: officers and their shares, the reserve paper, sites that turned to it."""

import sqlalchemy as sa

from orchestrator.storage.schema.base import Id, Ns, metadata

exam_release = sa.Table(
    "exam_release",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("manifest_version", sa.Integer, nullable=False),
    sa.Column("reserve_sealed", sa.LargeBinary(64)),
    sa.Column("switched_ns", Ns),
    sa.Column("opens_ns", Ns),
    sa.Column("switch_signature", sa.LargeBinary(64)),
    sa.Column("spares", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reserve", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""`reserve_sealed`: the reserve secret encrypted at rest, None while only officers' shares give it; `switched_ns` and
`opens_ns`: when the reserve was ordered, and when it opens."""

exam_officer = sa.Table(
    "exam_officer",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("phone", sa.String(40), nullable=False),
    sa.Column("printed_ns", Ns),
)

exam_share = sa.Table(
    "exam_share",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("entered_ns", Ns),
    sa.Column("entered_by", sa.String(200)),
    sa.Column("sealed", sa.LargeBinary(64)),
)
"""`digest` names a right share without telling it; `sealed` is one that was entered, encrypted at rest."""

exam_site_reserve = sa.Table(
    "exam_site_reserve",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("received_ns", Ns, nullable=False),
    sa.Column("by_code", sa.Boolean, nullable=False),
    sa.Column("opened_lo_ns", Ns),
    sa.Column("opened_hi_ns", Ns),
    sa.Column("clock", sa.String(8)),
    sa.Column("closed_ns", Ns),
)
"""Sites that sit the reserve paper; what they opened and closed before."""

exam_slip = sa.Table(
    "exam_slip",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sealed", sa.LargeBinary(200), nullable=False),
)
"""Shares that wait for their slip, under a key in a file beside the database that is destroyed with each slip."""

exam_reserve_read = sa.Table(
    "exam_reserve_read",
    metadata,
    sa.Column("exam", Id, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("site", Id, primary_key=True),
    sa.Column("at_ns", Ns, nullable=False),
    sa.Column("why", sa.String(8), nullable=False),
)
"""Sites that the reserve code was read out to alone; the first time, and why: late or spoilt."""
