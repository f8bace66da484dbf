"""Joins what the centre saw of a site with what the site tells afterwards. Pure.

A lane is one facet through time as stretches without gaps. What the centre did not see is `unknown`, never `down`; what
a site's own ledger tells of such a time takes its place there, and only there, and is marked as told afterwards.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise

import msgspec

from wire.health import Facet, Span

PRESENCE, CENTRE = "presence", "centre"
UNKNOWN, OFF, CUT_OFF, UNWATCHED = "unknown", "off", "cut_off", "unwatched"
"""`off`: the computer did not run; `cut_off`: it ran without a line; `unwatched`: the centre itself was down."""
SEEN_STATES = frozenset({"online", "late"})
RUNG = "rung"
"""How much of the lecture the room got, which the centre alone knows: `low.weak_line`, `full`, `none`."""
LANES = (RUNG, Facet.SCREEN, Facet.SOUND, Facet.CAMERA, Facet.CLOCK, Facet.EXAM, Facet.DISK)


class Source(StrEnum):
    """How the centre knows of a stretch."""

    SEEN = "seen"
    AFTERWARDS = "afterwards"
    UNSURE = "unsure"
    """Told afterwards, by a clock that nobody had set."""
    NOBODY = "nobody"


class Change(msgspec.Struct, frozen=True):
    """From `at_ns` on, `facet` was `state`, as the centre saw it."""

    facet: str
    at_ns: int
    state: str


class Stretch(msgspec.Struct, frozen=True):
    """`state` from `from_ns` to `until_ns`."""

    from_ns: int
    until_ns: int
    state: str
    source: Source = Source.SEEN


class Lane(msgspec.Struct, frozen=True):
    """One facet through the whole window."""

    facet: str
    stretches: list[Stretch]


def lanes(changes: Sequence[Change], spans: Sequence[Span], from_ns: int, until_ns: int) -> list[Lane]:
    """All lanes of a site between two moments; `changes` and `spans` in any order, those before the window included."""
    by_facet = _by_facet(changes)
    told = _told(spans)
    off = told.get(Facet.AGENT, [])
    down = [each for each in told.get(Facet.LINE, []) if each.state != "up"]
    centre_off = [
        msgspec.structs.replace(each, state=UNWATCHED, source=Source.NOBODY)
        for each in along(by_facet.get(CENTRE, []), from_ns, until_ns)
        if each.state == OFF
    ]
    seen = _silence_is_unknown(along(by_facet.get(PRESENCE, []), from_ns, until_ns))
    watched = painted(seen, centre_off, lambda _state: True)
    presence = painted(watched, [_as(each, CUT_OFF) for each in down], _unseen)
    presence = painted(presence, off, lambda state: _unseen(state) or state == CUT_OFF)
    made = [Lane(PRESENCE, presence)]
    blind = [Stretch(s.from_ns, s.until_ns, UNKNOWN, Source.NOBODY) for s in watched if s.state not in SEEN_STATES]
    for facet in LANES:
        lane = painted(along(by_facet.get(facet, []), from_ns, until_ns), blind, lambda _state: True)
        lane = painted(lane, told.get(facet, []), lambda state: state == UNKNOWN)
        made.append(Lane(facet, painted(lane, off, lambda state: state == UNKNOWN)))
    return made


def _unseen(state: str) -> bool:
    return state not in SEEN_STATES and state != "revoked"


def _as(stretch: Stretch, state: str) -> Stretch:
    return msgspec.structs.replace(stretch, state=state)


def _silence_is_unknown(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Who was not seen was seen by nobody, whatever word the wall had for it at the time."""
    return [each if each.state in SEEN_STATES else _by_nobody(each) for each in stretches]


def _by_nobody(stretch: Stretch) -> Stretch:
    return msgspec.structs.replace(stretch, source=Source.NOBODY)


def _by_facet(changes: Iterable[Change]) -> Mapping[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for change in sorted(changes, key=lambda each: each.at_ns):
        found.setdefault(change.facet, []).append(change)
    return found


def _told(spans: Iterable[Span]) -> Mapping[str, list[Stretch]]:
    found: dict[str, list[Stretch]] = {}
    for span in sorted(spans, key=lambda each: (each.from_ns, each.row)):
        if span.until_ns > span.from_ns:
            source = Source.AFTERWARDS if span.sure else Source.UNSURE
            found.setdefault(span.facet, []).append(Stretch(span.from_ns, span.until_ns, span.state, source))
    return found


def along(changes: Sequence[Change], from_ns: int, until_ns: int) -> list[Stretch]:
    """Changes in order as stretches that fill the window; before the first one nothing is known."""
    first = bisect_right([change.at_ns for change in changes], from_ns)
    state, source = (changes[first - 1].state, Source.SEEN) if first else (UNKNOWN, Source.NOBODY)
    made: list[Stretch] = []
    since = from_ns
    for change in changes[first:]:
        if change.at_ns >= until_ns:
            break
        _append(made, Stretch(since, change.at_ns, state, source))
        since, state, source = change.at_ns, change.state, Source.SEEN
    _append(made, Stretch(since, until_ns, state, source))
    return made


def painted(base: Sequence[Stretch], over: Sequence[Stretch], where: Callable[[str], bool]) -> list[Stretch]:
    """`base` with `over` in place of it wherever the state of `base` allows; of two overlapping `over`, the later one
    counts from where it begins."""
    starts = [each.from_ns for each in over]
    edges = sorted({edge for each in over for edge in (each.from_ns, each.until_ns)})
    made: list[Stretch] = []
    for each in base:
        if not where(each.state):
            _append(made, each)
            continue
        inner = edges[bisect_right(edges, each.from_ns) :]
        points = [each.from_ns, *(edge for edge in inner if edge < each.until_ns), each.until_ns]
        for since, until in pairwise(points):
            top = over[at - 1] if (at := bisect_right(starts, since)) else None
            covers = top is not None and top.until_ns > since
            state, source = (top.state, top.source) if top is not None and covers else (each.state, each.source)
            _append(made, Stretch(since, until, state, source))
    return made


def _append(made: list[Stretch], stretch: Stretch) -> None:
    """Add a stretch; an empty one is nothing, one that goes on as before is no new one."""
    if stretch.until_ns <= stretch.from_ns:
        return
    if made and (made[-1].state, made[-1].source) == (stretch.state, stretch.source):
        made[-1] = msgspec.structs.replace(made[-1], until_ns=stretch.until_ns)
    else:
        made.append(stretch)
