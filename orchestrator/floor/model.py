"""The floor of one session as a fold of what happened. Pure: a deed yields happenings or is refused, time is given.

Every happening has a number; whoever writes number n + 1 first was first. What stands after a restart is the fold of
what was written, and the record of the session is the same list.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from orchestrator.errors import Refused
from wire.ids import SessionId, SiteId

S = 10**9
LEAST_S, MOST_S = 15, 1800
"""How long a room may be given the floor at a time, seconds."""
WISH_AGE_NS = 60 * S
"""A hand counts from the moment at which the room says that it was raised, if that is no longer ago than this."""


class Kind(StrEnum):
    """What can happen on a floor. The words stand in the database and in the record of the session."""

    RAISED = "raised"
    LOWERED = "lowered"
    DISMISSED = "dismissed"
    GRANTED = "granted"
    EXTENDED = "extended"
    MUTED = "muted"
    UNMUTED = "unmuted"
    TAKEN_BACK = "taken_back"
    ASIDE = "aside"
    ASIDE_OVER = "aside_over"


class Reason(StrEnum):
    """Why a room lost the floor, or why a private word ended."""

    BY_PERSON = "by_person"
    GIVEN_BACK = "given_back"
    TIME = "time"
    GONE = "gone"
    NEXT = "next"
    ASIDE = "aside"
    SESSION_OVER = "session_over"
    HOLDER_GONE = "holder_gone"


class By(msgspec.Struct, frozen=True):
    """Who did it: a person, or nobody (the room itself, or time)."""

    username: str = ""
    name: str = ""


NOBODY = By()


class Happening(msgspec.Struct, frozen=True):
    """One thing that happened, as it is kept. ``until_ns``: of a grant, an extension, a private word, and of a raised
    hand its place in time; ``wish``: the id of the room's wish that brought it about, or that of a private word."""

    version: int
    at_ns: int
    kind: Kind
    site: SiteId
    by: By = NOBODY
    wish: str = ""
    until_ns: int = 0
    reason: str = ""


class Hand(msgspec.Struct, frozen=True):
    """A raised hand; ``since_ns`` orders the queue."""

    site: SiteId
    since_ns: int


class Grant(msgspec.Struct, frozen=True):
    """The room that has the floor; ``asked``: its hand was up."""

    site: SiteId
    since_ns: int
    until_ns: int
    by: By
    muted: bool = False
    asked: bool = False


class Aside(msgspec.Struct, frozen=True):
    """A private word between a person at the centre and one site."""

    id: str
    site: SiteId
    since_ns: int
    until_ns: int
    by: By


class Floor(msgspec.Struct, frozen=True):
    """What stands. ``heard``: the last wish of each site that was taken."""

    session: SessionId
    version: int = 0
    hands: tuple[Hand, ...] = ()
    grant: Grant | None = None
    asides: tuple[Aside, ...] = ()
    heard: dict[SiteId, str] = {}

    def hand_of(self, site: SiteId) -> Hand | None:
        return next((hand for hand in self.hands if hand.site == site), None)

    def place_of(self, site: SiteId) -> int:
        """1 for the first in the queue, 0 for a hand that is down."""
        return next((place for place, hand in enumerate(self.hands, 1) if hand.site == site), 0)

    def aside_of(self, site: SiteId) -> Aside | None:
        return next((aside for aside in self.asides if aside.site == site), None)

    def aside(self, name: str) -> Aside | None:
        return next((aside for aside in self.asides if aside.id == name), None)

    @property
    def quiet(self) -> bool:
        """Nothing stands that time could end."""
        return not self.hands and self.grant is None and not self.asides


def fold(floor: Floor, happenings: Iterable[Happening]) -> Floor:
    """The floor after these."""
    for happening in happenings:
        floor = after(floor, happening)
    return floor


def after(floor: Floor, what: Happening) -> Floor:
    """The floor after one happening."""
    hands = tuple(hand for hand in floor.hands if hand.site != what.site)
    heard = floor.heard
    if what.wish and what.kind in (Kind.RAISED, Kind.LOWERED, Kind.TAKEN_BACK):
        heard = {**heard, what.site: what.wish}
    changes: dict[str, object] = {}
    match what.kind:
        case Kind.RAISED:
            raised = [*hands, Hand(what.site, what.until_ns or what.at_ns)]
            changes["hands"] = tuple(sorted(raised, key=lambda hand: (hand.since_ns, hand.site)))
        case Kind.LOWERED | Kind.DISMISSED:
            changes["hands"] = hands
        case Kind.GRANTED:
            grant = Grant(what.site, what.at_ns, what.until_ns, what.by, asked=floor.hand_of(what.site) is not None)
            changes |= {"hands": hands, "grant": grant}
        case Kind.EXTENDED | Kind.MUTED | Kind.UNMUTED:
            changes["grant"] = _changed(floor.grant, what)
        case Kind.TAKEN_BACK:
            changes["grant"] = None
        case Kind.ASIDE:
            aside = Aside(what.wish, what.site, what.at_ns, what.until_ns, what.by)
            changes["asides"] = (*(each for each in floor.asides if each.site != what.site), aside)
        case Kind.ASIDE_OVER:
            changes["asides"] = tuple(each for each in floor.asides if each.site != what.site)
    return msgspec.structs.replace(floor, version=what.version, heard=heard, **changes)


def _changed(grant: Grant | None, what: Happening) -> Grant | None:
    if grant is None:
        return None
    if what.kind is Kind.EXTENDED:
        return msgspec.structs.replace(grant, until_ns=what.until_ns)
    return msgspec.structs.replace(grant, muted=what.kind is Kind.MUTED)


class Deed:
    """Collects the happenings of one deed, numbered after what stands."""

    def __init__(self, floor: Floor, now_ns: int, by: By = NOBODY) -> None:
        self.floor = floor
        self.now_ns = now_ns
        self.by = by
        self.happened: list[Happening] = []

    def add(self, kind: Kind, site: SiteId, *, wish: str = "", until_ns: int = 0, reason: str = "") -> None:
        """One more, of which the next ones know."""
        what = Happening(self.floor.version + 1, self.now_ns, kind, site, self.by, wish, until_ns, reason)
        self.happened.append(what)
        self.floor = after(self.floor, what)

    def take_back(self, reason: Reason, wish: str = "") -> None:
        """Whoever has the floor has it no more; harmless when nobody has."""
        if self.floor.grant is not None:
            self.add(Kind.TAKEN_BACK, self.floor.grant.site, wish=wish, reason=reason)


# --- what a room wishes ------------------------------------------------------------------------------------------


def wish(deed: Deed, site: SiteId, name: str, said_ns: int, *, up: bool) -> None:
    """A room's wish; one that was heard before changes nothing. Lowering gives back a floor that the room has."""
    floor = deed.floor
    if floor.heard.get(site) == name:
        return
    has_floor = floor.grant is not None and floor.grant.site == site
    if up:
        # A hand that is up keeps its place; one who speaks needs none. Either way the wish was heard.
        known = floor.hand_of(site)
        recent = deed.now_ns - WISH_AGE_NS <= said_ns <= deed.now_ns
        since_ns = known.since_ns if known else said_ns if recent else deed.now_ns
        deed.add(Kind.LOWERED if has_floor else Kind.RAISED, site, wish=name, until_ns=since_ns)
    elif has_floor:
        deed.take_back(Reason.GIVEN_BACK, name)
    else:
        deed.add(Kind.LOWERED, site, wish=name)


# --- what a person does ------------------------------------------------------------------------------------------


def grant(deed: Deed, site: SiteId, seconds: int) -> None:
    """Give a room the floor; who had it before loses it. Raises :class:`Refused`."""
    if not LEAST_S <= seconds <= MOST_S:
        raise Refused(
            "bad_length", f"Thời gian nói từ {LEAST_S} giây đến {MOST_S // 60} phút. / {LEAST_S} s to {MOST_S} s.", 422
        )
    if deed.floor.aside_of(site) is not None:
        raise Refused(
            "in_aside", "Điểm cầu đang trao đổi riêng với người trực. / An operator has it aside.", 409, site=site
        )
    held = deed.floor.grant
    if held is not None and held.site == site:
        raise Refused("has_floor", "Điểm cầu này đang phát biểu. / This room has the floor already.", 409)
    deed.take_back(Reason.NEXT)
    deed.add(Kind.GRANTED, site, until_ns=deed.now_ns + seconds * S)


def extend(deed: Deed, seconds: int) -> None:
    """More time for who has the floor, at most so much from now as can be given at once."""
    held = _held(deed.floor)
    if not 1 <= seconds <= MOST_S:
        raise Refused("bad_length", "Thời gian thêm không hợp lệ. / Not a length of time.", 422)
    until_ns = min(held.until_ns + seconds * S, deed.now_ns + MOST_S * S)
    deed.add(Kind.EXTENDED, held.site, until_ns=until_ns)


def mute(deed: Deed, *, muted: bool) -> None:
    """Silence who has the floor, or let it be heard again; the same twice changes nothing."""
    held = _held(deed.floor)
    if held.muted is not muted:
        deed.add(Kind.MUTED if muted else Kind.UNMUTED, held.site)


def take_back(deed: Deed) -> None:
    """Take the floor from whoever has it."""
    _held(deed.floor)
    deed.take_back(Reason.BY_PERSON)


def dismiss(deed: Deed, site: SiteId) -> None:
    """Lower a room's hand without giving it the floor; one that is down stays down."""
    if deed.floor.hand_of(site) is not None:
        deed.add(Kind.DISMISSED, site)


def take_aside(deed: Deed, site: SiteId, name: str, seconds: int) -> None:
    """A private word with one room; it has no floor meanwhile. Raises :class:`Refused` when another has it aside."""
    if (held := deed.floor.aside_of(site)) is not None:
        raise Refused(
            "in_aside", f"{held.by.name} đang trao đổi riêng với điểm cầu này. / It is aside already.", 409, site=site
        )
    if deed.floor.grant is not None and deed.floor.grant.site == site:
        deed.take_back(Reason.ASIDE)
    deed.add(Kind.ASIDE, site, wish=name, until_ns=deed.now_ns + seconds * S)


def end_aside(deed: Deed, name: str, reason: Reason) -> None:
    """Bring a room back; harmless twice."""
    if (aside := deed.floor.aside(name)) is not None:
        deed.add(Kind.ASIDE_OVER, aside.site, wish=name, reason=reason)


def _held(floor: Floor) -> Grant:
    if floor.grant is None:
        raise Refused("floor_free", "Không có điểm cầu nào đang phát biểu. / Nobody has the floor.", 409)
    return floor.grant


# --- what time brings --------------------------------------------------------------------------------------------


def pass_time(deed: Deed, *, on_screen: bool, gone: frozenset[SiteId], deserted: frozenset[str]) -> None:
    """What ends by itself: a floor whose time is up, one of a room that went away, all of it with the session.

    ``gone``: rooms that have been away for a moment; ``deserted``: private words whose person went away.
    """
    floor = deed.floor
    held = floor.grant
    if held is not None:
        if not on_screen:
            deed.take_back(Reason.SESSION_OVER)
        elif deed.now_ns >= held.until_ns:
            deed.take_back(Reason.TIME)
        elif held.site in gone:
            deed.take_back(Reason.GONE)
    for aside in floor.asides:
        reason = _why_over(deed.now_ns, aside, on_screen=on_screen, gone=gone, deserted=deserted)
        if reason is not None:
            end_aside(deed, aside.id, reason)
    if not on_screen:
        for hand in floor.hands:
            deed.add(Kind.LOWERED, hand.site, reason=Reason.SESSION_OVER)


def _why_over(
    now_ns: int, aside: Aside, *, on_screen: bool, gone: frozenset[SiteId], deserted: frozenset[str]
) -> Reason | None:
    if not on_screen:
        return Reason.SESSION_OVER
    if now_ns >= aside.until_ns:
        return Reason.TIME
    if aside.site in gone:
        return Reason.GONE
    return Reason.HOLDER_GONE if aside.id in deserted else None
