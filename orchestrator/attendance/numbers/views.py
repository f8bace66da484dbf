"""What the pages are told of numbers: milliseconds, and no evidence bytes."""

from __future__ import annotations

import msgspec

from orchestrator.attendance.model import Declared
from orchestrator.attendance.numbers.model import (
    Correction,
    RoomNumbers,
    RoomState,
    Sums,
    by_district,
    is_late,
    sums,
)
from orchestrator.attendance.numbers.presence import SitePresence
from orchestrator.attendance.numbers.service import RollNumbers, SessionPresence
from wire.count_notes import CountNotes

MS = 1_000_000


class DeclaredView(msgspec.Struct, frozen=True):
    """A number that a person gave; ``listed``: how many signed the room's list, where that was said."""

    number: int
    at_ms: int
    by: str
    signed_by: str
    word: str
    listed: int | None


class CorrectionView(msgspec.Struct, frozen=True):
    """A correction with what it replaced."""

    number: int
    before: int | None
    why: str
    at_ms: int
    who: str


class RoomView(msgspec.Struct, frozen=True):
    """One room of a roll call; ``moment_ms`` is when it was counted, ``late`` that this was not the ordered moment.
    Beside the camera's number: ``still`` of those counted never moved, ``hand_ratio`` people by hand for one by camera,
    ``about`` how many that makes. ``signed_in_from`` is a word of ``Source``, or empty; ``signed_in_told_ms`` when the
    room told it of its list."""

    site: str
    code: str
    name: str
    district: str
    level: str
    contact: str
    phone: str
    expected: int
    camera: int | None
    minimum: int | None
    maximum: int | None
    reason: str
    quality: float | None
    still: int | None
    hand_ratio: float | None
    about: int | None
    verified: bool
    moment_ms: int | None
    received_ms: int | None
    late: bool
    said: DeclaredView | None
    """The declared number that holds."""
    declared: list[DeclaredView]
    signed_in: int | None
    signed_in_from: str
    signed_in_told_ms: int | None
    corrections: list[CorrectionView]
    difference: int
    state: RoomState
    number: int | None
    picture: bool


class RollView(msgspec.Struct, frozen=True):
    """A roll call with every room and the sums of districts."""

    id: str
    session: str
    at_ms: int
    kind: str
    policy: str
    keep_until_ms: int
    tolerance: int
    total: Sums
    districts: list[Sums]
    rooms: list[RoomView]


class RollLine(msgspec.Struct, frozen=True):
    """A roll call in a list."""

    id: str
    at_ms: int
    kind: str
    policy: str
    pictures: int
    total: Sums


class PresenceLine(msgspec.Struct, frozen=True):
    """The presence of a site or district over a session; gaps in milliseconds of centre time."""

    code: str
    name: str
    district: str
    expected: int
    mean: float | None
    coverage: float
    counts: int
    gaps: list[tuple[int, int]]


class PresenceView(msgspec.Struct, frozen=True):
    """A session's presence: its live time, districts (sums of the means of their sites), sites by code."""

    live: list[tuple[int, int | None]]
    districts: list[PresenceLine]
    sites: list[PresenceLine]


def roll_view(roll: RollNumbers) -> RollView:
    """Everything of one roll call."""
    call = roll.call
    return RollView(
        id=call.id,
        session=call.session,
        at_ms=call.at_ns // MS,
        kind=call.kind,
        policy=call.policy,
        keep_until_ms=call.keep_until_ns // MS,
        tolerance=call.tolerance,
        total=sums("", roll.rooms),
        districts=by_district(roll.rooms),
        rooms=[_room(roll, room) for room in roll.rooms],
    )


def roll_line(roll: RollNumbers) -> RollLine:
    """One line of the list."""
    call = roll.call
    return RollLine(call.id, call.at_ns // MS, call.kind, call.policy, len(roll.pictures), sums("", roll.rooms))


def _room(roll: RollNumbers, room: RoomNumbers) -> RoomView:
    count, facts = room.count, room.facts
    notes = count.notes if count else CountNotes()
    return RoomView(
        site=room.site,
        code=facts.code,
        name=facts.name,
        district=facts.district,
        level=facts.level,
        contact=facts.contact,
        phone=facts.phone,
        expected=facts.expected,
        camera=count.count if count else None,
        minimum=count.minimum if count else None,
        maximum=count.maximum if count else None,
        reason=count.reason if count else "",
        quality=count.quality if count else None,
        still=notes.still,
        hand_ratio=notes.hand_ratio,
        about=count.about if count else None,
        verified=count.verified if count else False,
        moment_ms=(count.lo_ns + count.hi_ns) // 2 // MS if count else None,
        received_ms=count.received_ns // MS if count else None,
        late=is_late(roll.call, count) if count else False,
        said=_declared(room.said) if room.said else None,
        declared=[_declared(each) for each in room.declared],
        signed_in=room.signed_in.number if room.signed_in else None,
        signed_in_from=room.signed_in.source if room.signed_in else "",
        signed_in_told_ms=_ms(room.signed_in.told_ns) if room.signed_in else None,
        corrections=[_correction(each) for each in room.corrections],
        difference=room.difference,
        state=room.state,
        number=room.number,
        picture=room.site in roll.pictures,
    )


def _declared(one: Declared) -> DeclaredView:
    return DeclaredView(one.number, one.at_ns // MS, one.by, one.signed_by, one.word, one.listed)


def _ms(at_ns: int | None) -> int | None:
    return None if at_ns is None else at_ns // MS


def _correction(one: Correction) -> CorrectionView:
    return CorrectionView(one.number, one.before, one.why, one.at_ns // MS, one.who)


def presence_view(told: SessionPresence) -> PresenceView:
    """Sites by code, and their districts."""
    sites = [
        PresenceLine(
            code=facts.code,
            name=facts.name,
            district=facts.district,
            expected=facts.expected,
            mean=found.mean,
            coverage=found.coverage,
            counts=points,
            gaps=[(lo // MS, hi // MS) for lo, hi in found.gaps],
        )
        for facts, found, points in told.sites.values()
    ]
    live = [(span.begin_ns // MS, None if span.end_ns is None else span.end_ns // MS) for span in told.live]
    return PresenceView(live, _districts(told), sorted(sites, key=lambda line: line.code))


def _districts(told: SessionPresence) -> list[PresenceLine]:
    groups: dict[str, list[tuple[int, SitePresence, int]]] = {}
    for facts, found, points in told.sites.values():
        groups.setdefault(facts.district, []).append((facts.expected, found, points))
    return [_district(name, some) for name, some in sorted(groups.items())]


def _district(name: str, some: list[tuple[int, SitePresence, int]]) -> PresenceLine:
    known = [found.mean for _, found, _ in some if found.mean is not None]
    return PresenceLine(
        code="",
        name=name,
        district=name,
        expected=sum(expected for expected, _, _ in some),
        mean=sum(known) if known else None,
        coverage=sum(found.coverage for _, found, _ in some) / len(some),
        counts=sum(points for _, _, points in some),
        gaps=[],
    )
