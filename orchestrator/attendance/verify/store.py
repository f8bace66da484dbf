"""Reads everything that a verification looks at, one picture at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from orchestrator.attendance.verify.model import Erased, KeptCount, Numbers, picture_digest
from orchestrator.storage.schema.attendance import count_again, picture_erasure, roll_call, site_count
from orchestrator.storage.schema.sites import enrolments
from wire.ids import RollCallId, SessionId, SiteId

CLOCK = "clock"
"""Who erased a picture whose time was over."""


def keys_of_sites(conn: sa.Connection) -> dict[SiteId, list[bytes]]:
    """Every key that a computer of a site ever signed with, the newest first."""
    keys: dict[SiteId, list[bytes]] = {}
    for row in conn.execute(
        sa.select(enrolments.c.site, enrolments.c.sign_key).order_by(enrolments.c.paired_ns.desc())
    ):
        keys.setdefault(SiteId(row.site), []).append(bytes(row.sign_key))
    return keys


def kept_counts(conn: sa.Connection) -> Iterator[KeptCount]:
    """Every count, then every repeated one."""
    asked = (roll_call.c.session, roll_call.c.at_ns, roll_call.c.nonce)
    erasures = {(row.roll_call, row.site): _erased(row) for row in conn.execute(sa.select(picture_erasure))}
    counts = sa.select(site_count, *asked).join(roll_call, roll_call.c.id == site_count.c.roll_call)
    for row in conn.execution_options(yield_per=64).execute(counts):
        yield _kept(row, _numbers(row), picture_digest(row.picture), erasures.get((row.roll_call, row.site)))
    again = sa.select(count_again, *asked).join(roll_call, roll_call.c.id == count_again.c.roll_call)
    for row in conn.execute(again):
        yield _kept(row, None, None, None)


def _kept(row: Any, numbers: Numbers | None, picture: bytes | None, erased: Erased | None) -> KeptCount:
    return KeptCount(
        site=SiteId(row.site),
        roll_call=RollCallId(row.roll_call),
        session=SessionId(row.session),
        at_ns=row.at_ns,
        nonce=bytes(row.nonce),
        evidence=bytes(row.evidence),
        signature=bytes(row.signature),
        numbers=numbers,
        picture=picture,
        erased=erased,
    )


def _numbers(row: Any) -> Numbers:
    return Numbers(
        count=row.count,
        minimum=row.minimum,
        maximum=row.maximum,
        frames_used=row.frames_used,
        quality=round(row.quality * 1000),
        reason=row.reason,
        lo_ns=row.lo_ns,
        hi_ns=row.hi_ns,
    )


def _erased(row: Any) -> Erased:
    return Erased(bytes(row.digest), row.due_ns, row.at_ns, row.who == CLOCK)
