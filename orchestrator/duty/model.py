"""Claims, calls and open matters of the people in the operations room. Pure.

A claim says who is calling a site; it ends by itself. What is said and done goes into the shift's book, whose entries
are only ever added; a matter is what the book's last call at a site left open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from orchestrator.errors import Refused
from wire.ids import SiteId

MINUTE_NS = 60 * 10**9
CLAIM_NS = 10 * MINUTE_NS
"""A claim that nobody ends is over after this: whoever went home holds nothing."""
NOTE_LIMIT = 1000
AGAIN_LIMIT_NS = 24 * 60 * MINUTE_NS


class Outcome(StrEnum):
    """What a call came to. The words for people are the pages'."""

    FIXED = "fixed"
    NO_ANSWER = "no_answer"
    WORKING = "working"
    TECHNICIAN = "technician"
    POWER = "power"
    LINE = "line"
    WRONG_NUMBER = "wrong_number"
    OTHER = "other"


class After(msgspec.Struct, frozen=True):
    """What an outcome means for the matter: it is closed, or somebody looks again after `again_min` minutes."""

    closes: bool
    again_min: int


OUTCOMES: Mapping[Outcome, After] = MappingProxyType(
    {
        Outcome.FIXED: After(closes=True, again_min=0),
        Outcome.NO_ANSWER: After(closes=False, again_min=5),
        Outcome.WORKING: After(closes=False, again_min=10),
        Outcome.TECHNICIAN: After(closes=False, again_min=60),
        Outcome.POWER: After(closes=False, again_min=30),
        Outcome.LINE: After(closes=False, again_min=30),
        Outcome.WRONG_NUMBER: After(closes=False, again_min=15),
        Outcome.OTHER: After(closes=False, again_min=30),
    }
)
CLOSING = tuple(outcome for outcome, after in OUTCOMES.items() if after.closes)


class EntryKind(StrEnum):
    """What an entry of the book tells."""

    CLAIM = "claim"
    RELEASE = "release"
    EXPIRE = "expire"
    CALL = "call"
    NOTE = "note"
    HANDOVER = "handover"
    """The matter is now `person`'s."""


class Caller(msgspec.Struct, frozen=True):
    """An operator: the person's id, and the name that the others read."""

    person: str
    name: str


class Claim(msgspec.Struct, frozen=True):
    """Who calls a site, until when. ``version`` grows with each change of the row: whoever saw it last decides."""

    site: SiteId
    person: str
    name: str
    at_ns: int
    until_ns: int
    version: int

    def holds(self, now: int) -> bool:
        return now < self.until_ns


class Entry(msgspec.Struct, frozen=True):
    """A line of the book. ``again_ns``: when somebody looks again; ``id`` 0 until it is stored."""

    site: SiteId
    at_ns: int
    person: str
    name: str
    kind: EntryKind
    outcome: Outcome | None = None
    note: str = ""
    again_ns: int | None = None
    id: int = 0


class Matter(msgspec.Struct, frozen=True):
    """What is open at a site: its last call, whose it is, since when and after how many calls."""

    site: SiteId
    person: str
    name: str
    outcome: Outcome
    note: str
    since_ns: int
    at_ns: int
    again_ns: int | None
    calls: int


class Held(Refused):
    """Somebody else is calling the site."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(
            "held",
            f"{claim.name} đang gọi điểm cầu này. / {claim.name} is calling this site.",
            409,
            name=claim.name,
            until_ms=claim.until_ns // 1_000_000,
        )


def claimed(held: Claim | None, site: SiteId, caller: Caller, now: int) -> Claim:
    """The claim of `caller` after the one that stands (None: none ever did); their own is prolonged. Raises `Held`."""
    if held is not None and held.holds(now) and held.person != caller.person:
        raise Held(held)
    mine = held is not None and held.holds(now)
    since = held.at_ns if held is not None and mine else now
    version = held.version + 1 if held is not None else 1
    return Claim(site, caller.person, caller.name, since, now + CLAIM_NS, version)


def call_entry(site: SiteId, caller: Caller, outcome: Outcome, note: str, again_min: int | None, now: int) -> Entry:
    """The book's line of a call; the outcome says when to look again unless the caller does."""
    after = OUTCOMES[outcome]
    minutes = after.again_min if again_min is None else again_min
    if not 0 <= minutes * MINUTE_NS <= AGAIN_LIMIT_NS:
        raise Refused("bad_time", "Hẹn gọi lại trong vòng 24 giờ. / Look again within 24 hours.", 422)
    again = None if after.closes or minutes == 0 else now + minutes * MINUTE_NS
    return Entry(site, now, caller.person, caller.name, EntryKind.CALL, outcome, checked_note(note), again)


def note_entry(site: SiteId, caller: Caller, note: str, now: int) -> Entry:
    """The book's line of a note."""
    if not note.strip():
        raise Refused("empty_note", "Ghi chú chưa có chữ nào. / The note is empty.", 422)
    return Entry(site, now, caller.person, caller.name, EntryKind.NOTE, note=checked_note(note))


def checked_note(note: str) -> str:
    """Refuse a note that is too long."""
    if len(note) > NOTE_LIMIT:
        raise Refused("long_note", f"Ghi chú tối đa {NOTE_LIMIT} chữ. / A note has at most {NOTE_LIMIT} letters.", 422)
    return note.strip()


def matters(entries: Iterable[Entry]) -> list[Matter]:
    """What entries in the order they were written leave open, whatever is to be looked at first, first."""
    found: dict[SiteId, Matter] = {}
    for entry in entries:
        known = found.get(entry.site)
        if entry.kind is EntryKind.HANDOVER and known is not None:
            found[entry.site] = msgspec.structs.replace(known, person=entry.person, name=entry.name)
        elif entry.kind is EntryKind.CALL and entry.outcome is not None:
            if OUTCOMES[entry.outcome].closes:
                found.pop(entry.site, None)
            else:
                found[entry.site] = _further(known, entry, entry.outcome)
    return sorted(found.values(), key=lambda matter: (matter.again_ns or matter.at_ns, matter.site))


def _further(known: Matter | None, entry: Entry, outcome: Outcome) -> Matter:
    return Matter(
        site=entry.site,
        person=entry.person,
        name=entry.name,
        outcome=outcome,
        note=entry.note or (known.note if known else ""),
        since_ns=known.since_ns if known else entry.at_ns,
        at_ns=entry.at_ns,
        again_ns=entry.again_ns,
        calls=(known.calls if known else 0) + 1,
    )
