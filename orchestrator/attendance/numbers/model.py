"""The four numbers of a room in a roll call, and what stands after somebody explained or corrected them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from orchestrator.attendance.model import LATE_NS, Declared, RollCall, SiteCount, said_of
from orchestrator.errors import Refused
from wire.ids import RollCallId, SiteId

MINUTE_NS = 60 * 10**9
ARRIVING_NS = 30 * MINUTE_NS
"""So long before a session begins people come and sign the list."""
BEFORE_NS, AFTER_NS = 10 * MINUTE_NS, 60 * MINUTE_NS
"""A number declared without naming a roll call is one of the roll call that it was given this shortly before or after.
"""
WHY_LIMIT = 500
NUMBER_LIMIT = 10_000


class RoomState(StrEnum):
    """Where a room stands in a roll call."""

    WAITING = "waiting"
    """No answer yet; one that comes within five minutes still counts."""
    SILENT = "silent"
    """No answer, and it is too late for one that was not counted yet."""
    AGREED = "agreed"
    """The numbers lie within the tolerance."""
    ASKED = "asked"
    """They do not, and the room was asked for a word."""
    EXPLAINED = "explained"
    """They do not; the responsible person signed a number or said why."""
    CORRECTED = "corrected"
    """A person at the centre decided."""


class SiteFacts(msgspec.Struct, frozen=True):
    """Who a site is."""

    code: str
    name: str
    district: str
    level: str
    expected: int
    contact: str = ""
    phone: str = ""


class Correction(msgspec.Struct, frozen=True):
    """A number that a person at the centre set; ``before`` is what stood until then."""

    roll_call: RollCallId
    site: SiteId
    number: int
    before: int | None
    why: str
    at_ns: int
    who: str


class Source(StrEnum):
    """Where the number of people who signed in comes from; the earlier one goes before the later."""

    ROSTER = "roster"
    """Ticked by name at the centre."""
    LIST = "list"
    """The room told how many signed its own list."""
    EXAM = "exam"
    """Signed in at the course's exam of that day."""


class SignedIn(msgspec.Struct, frozen=True):
    """People who signed in; ``told_ns`` is when the room told it of its list, None for other sources."""

    number: int
    source: Source
    told_ns: int | None = None


class SignedSources(msgspec.Struct, frozen=True):
    """All that is known of a session, by site: people ``ticked``, every number that tells of the room's list in the
    order of their moments, people ``at_exam``."""

    ticked: Mapping[SiteId, int]
    lists: Mapping[SiteId, Sequence[Declared]]
    at_exam: Mapping[SiteId, int]

    def of(self, call: RollCall, site: SiteId, declared: Sequence[Declared]) -> SignedIn | None:
        """What holds for a room in a roll call, ``declared`` being the numbers that belong to it."""
        if site in self.ticked:
            return SignedIn(self.ticked[site], Source.ROSTER)
        told = list_for(call, declared, self.lists.get(site, ()))
        if told is not None and told.listed is not None:
            return SignedIn(told.listed, Source.LIST, told.at_ns)
        return SignedIn(self.at_exam[site], Source.EXAM) if site in self.at_exam else None


class RoomNumbers(msgspec.Struct, frozen=True):
    """One room in a roll call. ``declared`` holds every number that was given, the first one first; ``corrections``
    every one that was made. ``number`` is what stands: the last correction, else the newest signed or else the counted
    or else the newest declared number."""

    site: SiteId
    facts: SiteFacts
    count: SiteCount | None
    declared: tuple[Declared, ...]
    signed_in: SignedIn | None
    corrections: tuple[Correction, ...]
    difference: int
    state: RoomState
    number: int | None

    @property
    def said(self) -> Declared | None:
        """The declared number that holds; the others stand beside it."""
        return said_of(self.declared)

    @property
    def beyond(self) -> bool:
        """Whether somebody has to say something yet."""
        return self.state in (RoomState.ASKED, RoomState.EXPLAINED)


def room_numbers(
    call: RollCall,
    site: SiteId,
    facts: SiteFacts,
    count: SiteCount | None,
    declared: Sequence[Declared],
    signed_in: SignedIn | None,
    corrections: Sequence[Correction],
    now: int,
) -> RoomNumbers:
    """Put the numbers of one room side by side."""
    camera = count.sworn if count else None
    said = said_of(declared)
    present = (facts.expected or None, camera, said.number if said else None, signed_in.number if signed_in else None)
    known = [number for number in present if number is not None]
    difference = max(known) - min(known) if known else 0
    return RoomNumbers(
        site=site,
        facts=facts,
        count=count,
        declared=tuple(declared),
        signed_in=signed_in,
        corrections=tuple(corrections),
        difference=difference,
        state=_state(call, count, said, corrections, difference, now),
        number=standing(camera, declared, corrections),
    )


def _state(
    call: RollCall,
    count: SiteCount | None,
    said: Declared | None,
    corrections: Sequence[Correction],
    difference: int,
    now: int,
) -> RoomState:
    if corrections:
        return RoomState.CORRECTED
    if count is None and said is None:
        return RoomState.WAITING if now < call.at_ns + LATE_NS else RoomState.SILENT
    if difference <= call.tolerance:
        return RoomState.AGREED
    explained = said is not None and (said.signed_by or said.word or said.by != "site")
    return RoomState.EXPLAINED if explained else RoomState.ASKED


def standing(camera: int | None, declared: Sequence[Declared], corrections: Sequence[Correction]) -> int | None:
    """What stands: the last correction, else the newest signed or else the counted or else the newest declared
    number. Whatever is said unsigned after a signature takes nothing from it."""
    if corrections:
        return corrections[-1].number
    said = said_of(declared)
    if said is not None and (said.signed_by or camera is None):
        return said.number
    return camera


def declared_for(call: RollCall, next_ns: int | None, given: Iterable[Declared]) -> list[Declared]:
    """The numbers of a site that belong to a roll call, in the order given: those that name it, and those that name
    none but were given around its moment, before the next one's. Those that name it come last."""
    until = call.at_ns + AFTER_NS if next_ns is None else min(call.at_ns + AFTER_NS, next_ns - BEFORE_NS)
    found = list(given)
    near = [one for one in found if one.roll_call is None and call.at_ns - BEFORE_NS <= one.at_ns < until]
    return near + [one for one in found if one.roll_call == call.id]


def list_for(call: RollCall, own: Sequence[Declared], session: Sequence[Declared]) -> Declared | None:
    """Which word of the room's list holds for a roll call: the last among its ``own`` numbers; else, as people sign
    once a session, the last of the session before its moment, or else the first after it."""
    told = [one for one in own if one.listed is not None]
    if told:
        return told[-1]
    before = [one for one in session if one.at_ns <= call.at_ns]
    return before[-1] if before else next(iter(session), None)


class Sums(msgspec.Struct, frozen=True):
    """What a district, or all, come to. ``open``: rooms where somebody has to say something yet."""

    name: str
    sites: int
    answered: int
    open: int
    expected: int
    camera: int
    declared: int
    signed_in: int
    number: int


def sums(name: str, rooms: Sequence[RoomNumbers]) -> Sums:
    """Sum the rooms of a place; what a room does not have counts nought."""
    return Sums(
        name=name,
        sites=len(rooms),
        answered=sum(room.count is not None for room in rooms),
        open=sum(room.beyond for room in rooms),
        expected=sum(room.facts.expected for room in rooms),
        camera=sum((room.count.sworn or 0) for room in rooms if room.count),
        declared=sum(room.said.number for room in rooms if room.said),
        signed_in=sum(room.signed_in.number for room in rooms if room.signed_in),
        number=sum(room.number or 0 for room in rooms),
    )


def by_district(rooms: Sequence[RoomNumbers]) -> list[Sums]:
    """The sums of each district, by name."""
    groups: dict[str, list[RoomNumbers]] = {}
    for room in rooms:
        groups.setdefault(room.facts.district, []).append(room)
    return [sums(name, some) for name, some in sorted(groups.items())]


def is_late(call: RollCall, count: SiteCount) -> bool:
    """Whether a room was counted after the moment that was ordered: its count is of its own moment."""
    return count.lo_ns > call.at_ns + call.span_ms * 1_000_000 + MINUTE_NS // 60


def check_correction(number: int, why: str) -> None:
    """Refuse a number without a reason."""
    if not 0 <= number <= NUMBER_LIMIT:
        raise Refused("bad_number", "Số người phải từ 0 đến 10 000. / 0 to 10,000.", 422)
    if not 1 <= len(why.strip()) <= WHY_LIMIT:
        raise Refused("no_reason", f"Phải ghi lý do, tối đa {WHY_LIMIT} chữ. / Say why, in {WHY_LIMIT} letters.", 422)
