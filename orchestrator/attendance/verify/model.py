"""Checks evidence against rows, keys, pictures and erasures, and follows each computer's chain. Pure.

A computer's chain: each piece of evidence carries the SHA-256 of the one before it, the first carries `GENESIS`. A
site whose computer was replaced has a chain per computer. What breaks it is named: a predecessor that is not here (a
gap), two pieces with one predecessor (a fork), content that differs from what was signed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from wire.evidence import GENESIS, Evidence, EvidenceRefused, evidence_digest, verify_evidence
from wire.ids import RollCallId, SessionId, SiteId


class Trouble(StrEnum):
    """What can be wrong with a kept count."""

    SIGNATURE = "signature"
    """No key of the site signed it, or it is not in canonical form."""
    OTHER_SITE = "other_site"
    """It was sworn for another site, roll call or session, or with another nonce than the order's."""
    CONTENT = "content"
    """The kept numbers are not the signed ones."""
    PICTURE = "picture"
    """The kept picture is not the signed one."""
    PICTURE_MISSING = "picture_missing"
    """A picture was sworn to, is not kept, and no erasure tells of it."""
    ERASURE = "erasure"
    """The erasure tells of another picture than the signed one, or the picture is still there."""
    ERASED_EARLY = "erased_early"
    """The picture was erased by the clock before its time."""
    GAP = "gap"
    """The evidence before it is not here."""
    FORK = "fork"
    """Another piece of evidence has the same predecessor."""


class KeptCount(msgspec.Struct, frozen=True):
    """A count as the centre keeps it, beside what its roll call asked; ``picture`` is the digest of the kept one.

    ``numbers`` None: evidence that came again for a roll call that had one; only its signature and place are checked.
    """

    site: SiteId
    roll_call: RollCallId
    session: SessionId
    at_ns: int
    nonce: bytes
    evidence: bytes
    signature: bytes
    numbers: Numbers | None
    picture: bytes | None
    erased: Erased | None


class Numbers(msgspec.Struct, frozen=True):
    """The columns of a count that its evidence swears to; quality in thousandths."""

    count: int | None
    minimum: int
    maximum: int
    frames_used: int
    quality: int
    reason: str
    lo_ns: int
    hi_ns: int


class Erased(msgspec.Struct, frozen=True):
    """What an erasure tells."""

    digest: bytes
    due_ns: int
    at_ns: int
    by_clock: bool


class Fault(msgspec.Struct, frozen=True):
    """Something wrong with one count."""

    site: SiteId
    roll_call: RollCallId
    trouble: Trouble


class SiteVerdict(msgspec.Struct, frozen=True):
    """What was found of one site. ``computers``: chains, one for each computer that counted."""

    site: SiteId
    counts: int
    signed: int
    computers: int
    pictures: int
    erased: int
    faults: tuple[Fault, ...]


def verify_all(
    kept: Iterable[KeptCount], keys: Mapping[SiteId, Sequence[bytes]], session: SessionId | None = None
) -> list[SiteVerdict]:
    """A verdict per site, by id. ``session``: only its counts are told of; chains are followed through all."""
    by_site: dict[SiteId, list[KeptCount]] = {}
    for one in kept:
        by_site.setdefault(one.site, []).append(one)
    verdicts = (_of_site(site, found, keys.get(site, ()), session) for site, found in sorted(by_site.items()))
    return [verdict for verdict in verdicts if verdict.counts]


def _of_site(site: SiteId, kept: Sequence[KeptCount], keys: Sequence[bytes], session: SessionId | None) -> SiteVerdict:
    sworn: list[tuple[KeptCount, Evidence, bytes]] = []
    faults: list[Fault] = []
    for one in kept:
        read = _signed(one, keys)
        if read is None:
            faults.append(Fault(site, one.roll_call, Trouble.SIGNATURE))
            continue
        sworn.append((one, *read))
        faults += [Fault(site, one.roll_call, trouble) for trouble in _differences(one, read[0])]
    faults += _chain_faults(sworn)
    told = [one for one in kept if session is None or one.session == session]
    calls = {one.roll_call for one in told}
    return SiteVerdict(
        site=site,
        counts=len(told),
        signed=sum(session is None or one.session == session for one, _, _ in sworn),
        computers=len({key for _, _, key in sworn}),
        pictures=sum(one.picture is not None for one in told),
        erased=sum(one.erased is not None for one in told),
        faults=tuple(fault for fault in faults if fault.roll_call in calls),
    )


def _signed(one: KeptCount, keys: Sequence[bytes]) -> tuple[Evidence, bytes] | None:
    for key in keys:
        try:
            return verify_evidence(key, one.evidence, one.signature), key
        except EvidenceRefused:
            continue
    return None


def _differences(one: KeptCount, sworn: Evidence) -> list[Trouble]:
    found = []
    asked = (one.site, one.roll_call, one.session, one.nonce)
    if (sworn.site, sworn.roll_call, sworn.session, sworn.nonce) != asked:
        found.append(Trouble.OTHER_SITE)
    if one.numbers is None:
        return found
    if one.numbers != Numbers(**{name: getattr(sworn, name) for name in Numbers.__struct_fields__}):
        found.append(Trouble.CONTENT)
    if one.picture is not None and one.picture != sworn.picture:
        found.append(Trouble.PICTURE)
    if one.erased is None:
        return found if one.picture is not None or not sworn.picture else [*found, Trouble.PICTURE_MISSING]
    if one.picture is not None or one.erased.digest != sworn.picture:
        found.append(Trouble.ERASURE)
    if one.erased.by_clock and one.erased.at_ns < one.erased.due_ns:
        found.append(Trouble.ERASED_EARLY)
    return found


def _chain_faults(sworn: Sequence[tuple[KeptCount, Evidence, bytes]]) -> list[Fault]:
    """Per computer: whose predecessor is missing, and who shares one."""
    known: dict[bytes, set[bytes]] = {}
    for one, _, key in sworn:
        known.setdefault(key, {GENESIS}).add(evidence_digest(one.evidence))
    followed = Counter((key, evidence.previous) for _, evidence, key in sworn)
    faults = []
    for one, evidence, key in sworn:
        if evidence.previous not in known[key]:
            faults.append(Fault(one.site, one.roll_call, Trouble.GAP))
        elif followed[key, evidence.previous] > 1:
            faults.append(Fault(one.site, one.roll_call, Trouble.FORK))
    return faults


def picture_digest(picture: bytes | None) -> bytes | None:
    """As evidence carries it."""
    return hashlib.sha256(picture).digest() if picture is not None else None
