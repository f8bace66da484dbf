"""What was found at each site and since when, and whether it flaps. The memory is of this process alone. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from orchestrator.alarms.model import Trouble
from orchestrator.alarms.rules import Flapping, S
from wire.ids import SiteId

WORDS: Mapping[str, Trouble] = {
    "late": Trouble.AWAY,
    "silent": Trouble.AWAY,
    "unknown": Trouble.AWAY,
    "dark": Trouble.PICTURE,
    "stalled": Trouble.PICTURE,
    "no_sound": Trouble.SOUND,
    "camera": Trouble.CAMERA,
    "clock_blind": Trouble.CLOCK,
    "clock_off": Trouble.CLOCK,
    "exam_not_open": Trouble.EXAM,
    "exam_missing": Trouble.EXAM,
    "disk": Trouble.DISK,
    "not_ready": Trouble.READINESS,
}
"""The words of the wall's judge that may become an alarm; the others stay on the tile."""
OF_THE_LINE = frozenset({Trouble.AWAY, Trouble.FLAPPING})
"""Remembered also where nobody waits for the site: many lines that fail together are an alarm at any hour."""
OF_THE_ROOM = frozenset({Trouble.PICTURE, Trouble.SOUND, Trouble.CAMERA})
"""What hurts only while people sit in the room: one in which the lights are off has a dark camera and no fault."""


class Where(msgspec.Struct, frozen=True):
    """What a site shares with others. Empty: nobody knows, and nothing is concluded from it."""

    province: str = ""
    district: str = ""
    provider: str = ""


class Seen(msgspec.Struct, frozen=True):
    """A site now: ``there`` false while it is away, when nothing else is known of it; ``watching`` while a lecture
    should be on its screen; ``findings``: (word of the judge, severity); ``idle``: the troubles that hurt nobody there
    now, because nothing needs the room."""

    site: SiteId
    where: Where
    there: bool
    watching: bool
    findings: tuple[tuple[str, int], ...] = ()
    idle: frozenset[Trouble] = frozenset()

    def overlooks(self, trouble: Trouble) -> bool:
        """Whether a trouble is not even remembered: it begins anew once somebody needs the room."""
        return trouble in self.idle and trouble not in OF_THE_LINE


class Track(msgspec.Struct, frozen=True):
    """One trouble at one site. ``since_ns``: of the state it is in; ``changes``: when it came or went lately."""

    bad: bool
    since_ns: int
    severity: int
    changes: tuple[int, ...] = ()
    flaps: bool = False


Key = tuple[SiteId, Trouble]
Memory = Mapping[Key, Track]


def observed(memory: Memory, seen: Collection[Seen], rule: Flapping, now: int) -> dict[Key, Track]:
    """The memory after a look. While a site is away its other troubles stay as they were: silence is unknown."""
    found: dict[Key, int] = {}
    for one in seen:
        for word, severity in one.findings:
            if (trouble := WORDS.get(word)) is not None and not one.overlooks(trouble):
                key = (one.site, trouble)
                found[key] = max(severity, found.get(key, 0))
    known = {one.site: one for one in seen}
    after = {}
    for key in memory.keys() | found.keys():
        site, trouble = key
        if site not in known or known[site].overlooks(trouble):
            continue
        before = memory.get(key)
        if before is not None and not known[site].there and trouble is not Trouble.AWAY:
            after[key] = before
        elif (track := _looked(before, found.get(key), rule, now)) is not None:
            after[key] = track
    return after


def _looked(before: Track | None, severity: int | None, rule: Flapping, now: int) -> Track | None:
    """A track after a look; None once there is nothing left to remember."""
    if before is None:
        return None if severity is None else Track(bad=True, since_ns=now, severity=severity, changes=(now,))
    bad = severity is not None
    changes = tuple(at for at in before.changes if now - at < rule.window_s * S)
    if bad is not before.bad:
        changes = (*changes, now)[-2 * rule.enter :]
    flaps = len(changes) > rule.leave if before.flaps else len(changes) >= rule.enter
    if not bad and not changes and not flaps:
        return None
    since = before.since_ns if bad is before.bad else now
    return Track(bad=bad, since_ns=since, severity=severity or before.severity, changes=changes, flaps=flaps)


class Bad(msgspec.Struct, frozen=True):
    """A trouble that holds at a site."""

    since_ns: int
    severity: int


def troubles(memory: Memory) -> dict[Trouble, dict[SiteId, Bad]]:
    """What holds now. What flaps is only that: its coming and going is no news."""
    holds: dict[Trouble, dict[SiteId, Bad]] = {}
    for (site, trouble), track in memory.items():
        if track.flaps:
            began = track.changes[-1] if track.changes else track.since_ns
            before = holds.setdefault(Trouble.FLAPPING, {}).get(site)
            since = min(began, before.since_ns) if before else began
            holds[Trouble.FLAPPING][site] = Bad(since, max(2, track.severity))
        elif track.bad:
            holds.setdefault(trouble, {})[site] = Bad(track.since_ns, track.severity)
    return holds


def well_since(memory: Memory, site: SiteId, trouble: Trouble) -> int | None:
    """Since when a trouble is gone from a site; None: nothing is remembered of it, so for long."""
    track = memory.get((site, trouble))
    return track.since_ns if track is not None and not track.bad else None


def subjects(seen: Sequence[Seen], trouble: Trouble) -> set[SiteId]:
    """The sites at which a trouble could be found: of these a share is taken."""
    if trouble in (Trouble.PICTURE, Trouble.SOUND):
        return {one.site for one in seen if one.there and one.watching}
    # Also of those that are away, where it is unknown: three rooms that are left do not speak for a province.
    return {one.site for one in seen if not one.overlooks(trouble)}
