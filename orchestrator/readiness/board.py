"""The go / no-go board: every site with its word, what is missing, whom to call; and what changed since a reader asked.

The picture is kept per scope while somebody reads it: what changed is judged anew at most twice a second, everything
every few seconds, because certificates age and starts draw near without anybody telling.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from orchestrator.clock import Clock
from orchestrator.readiness.model import MS, Finding, Grade, Verdict
from orchestrator.readiness.service import PROVINCE, Readiness
from wire.ids import SiteId, new_id

EVERY_NS = 500_000_000
ALL_NS = 5_000_000_000
UNREAD_NS = 60_000_000_000


class Room(msgspec.Struct, frozen=True):
    """A site as people know it."""

    site: SiteId
    code: str
    name: str
    district: str
    level: str
    contact: str
    phone: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """How one site stands. `made_ms`: of its newest certificate."""

    site: SiteId
    verdict: Verdict
    findings: list[Finding]
    made_ms: int | None
    online: bool
    starts_ms: int | None
    agent_version: str


class BoardView(msgspec.Struct, frozen=True, kw_only=True):
    """`rows` that changed since the version asked about; `rooms` with the first answer and when the register changed.

    `version` belongs to this process (`boot`); another boot means starting anew (`whole`).
    """

    scope: str
    fresh_s: int
    centre_ms: int
    boot: str
    version: int
    whole: bool
    rows: list[Row]
    gone: list[SiteId]
    rooms: list[Room]


class _Picture:
    """The rows of one scope, each with the version at which it changed."""

    def __init__(self) -> None:
        self.version = 0
        self.rows: dict[SiteId, tuple[int, Row]] = {}
        self.gone: dict[SiteId, int] = {}
        self.rooms: dict[SiteId, Room] = {}
        self.rooms_version = 0
        self.stale: set[SiteId] | None = None
        """Sites to judge anew; None: all."""
        self.judged_ns = self.all_ns = self.read_ns = 0


RoomsOf = Callable[[str], Mapping[SiteId, Room]]
"""The sites of a scope: all for the province, those of its sessions for a course; refuses what is no scope."""


class Board:
    """One picture a scope that is read."""

    def __init__(self, readiness: Readiness, clock: Clock, rooms: RoomsOf) -> None:
        self._readiness = readiness
        self._clock = clock
        self._rooms = rooms
        self._boot = new_id("board")
        self._pictures: dict[str, _Picture] = {}
        readiness.on_change(self._mark)

    def _mark(self, site: SiteId | None) -> None:
        for picture in self._pictures.values():
            if site is None:
                picture.stale = None
            elif picture.stale is not None:
                picture.stale.add(site)

    def rows(self, scope: str = PROVINCE) -> list[tuple[Room, Row]]:
        """Every site now."""
        picture = self._current(scope)
        return [(picture.rooms[site], row) for site, (_, row) in picture.rows.items()]

    def view(self, scope: str, since: int, boot: str) -> BoardView:
        """What a reader at version `since` of `boot` lacks."""
        picture = self._current(scope)
        whole = boot != self._boot or since > picture.version
        since = 0 if whole else since
        return BoardView(
            scope=scope,
            fresh_s=self._readiness.rule(scope).fresh_s,
            centre_ms=self._clock.now_ns() // MS,
            boot=self._boot,
            version=picture.version,
            whole=whole,
            rows=[row for version, row in picture.rows.values() if version > since],
            gone=[] if whole else [site for site, version in picture.gone.items() if version > since],
            rooms=list(picture.rooms.values()) if picture.rooms_version > since or whole else [],
        )

    def _current(self, scope: str) -> _Picture:
        now = self._clock.now_ns()
        picture = self._pictures.get(scope)
        if picture is None:
            rooms = self._rooms(scope)  # refuses before anything is kept
            self._pictures = {name: each for name, each in self._pictures.items() if now - each.read_ns < UNREAD_NS}
            picture = self._pictures[scope] = _Picture()
            self._judge_all(picture, scope, rooms, now)
        elif now - picture.all_ns >= ALL_NS or (picture.stale is None and now - picture.judged_ns >= EVERY_NS):
            self._judge_all(picture, scope, self._rooms(scope), now)
        elif picture.stale and now - picture.judged_ns >= EVERY_NS:
            self._judge(picture, scope, picture.stale & set(picture.rooms), now)
        picture.read_ns = now
        return picture

    def _judge_all(self, picture: _Picture, scope: str, rooms: Mapping[SiteId, Room], now: int) -> None:
        if rooms != picture.rooms:
            picture.version += 1
            picture.rooms_version = picture.version
            for site in set(picture.rooms) - set(rooms):
                picture.rows.pop(site, None)
                picture.gone[site] = picture.version
            for site in rooms:
                picture.gone.pop(site, None)
            picture.rooms = dict(rooms)
        picture.all_ns = now
        self._judge(picture, scope, set(rooms), now)

    def _judge(self, picture: _Picture, scope: str, sites: set[SiteId], now: int) -> None:
        picture.stale, picture.judged_ns = set(), now
        version = picture.version + 1
        for site in sites:
            row = self._row(site, scope)
            known = picture.rows.get(site)
            if known is None or known[1] != row:
                picture.rows[site] = (version, row)
                picture.version = version

    def _row(self, site: SiteId, scope: str) -> Row:
        held, known, judgement = (
            self._readiness.newest(site),
            self._readiness.known(site),
            self._readiness.judged(site, scope),
        )
        return Row(
            site=site,
            verdict=judgement.verdict,
            findings=[_steady(each) for each in judgement.findings],
            made_ms=held.made_ns // MS if held else None,
            online=known.online,
            starts_ms=known.starts_ns // MS if known.starts_ns is not None else None,
            agent_version=held.agent_version if held else "",
        )


def _steady(finding: Finding) -> Finding:
    """Without an age that grows by itself: the page reckons it from `made_ms`."""
    return msgspec.structs.replace(finding, figures={}) if finding.check == "certificate" else finding


class Word(msgspec.Struct, frozen=True):
    """One word of readiness for a tile of the wall, and what matters most; ``no_go``: every check that says no."""

    id: SiteId
    verdict: Verdict
    check: str
    reason: str
    no_go: tuple[str, ...] = ()


def words(rows: list[tuple[Room, Row]]) -> list[Word]:
    """What the wall shows before the day."""
    return [_word(row) for _, row in rows]


def _word(row: Row) -> Word:
    first = next((each for each in row.findings if each.grade is not Grade.WAIVED), None)
    no_go = tuple(dict.fromkeys(each.check for each in row.findings if each.grade is Grade.NO_GO))
    return Word(row.site, row.verdict, first.check if first else "", first.reason if first else "", no_go)
