"""HTTP of one site: how it is now, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web

from orchestrator.clock import Clock
from orchestrator.duty.routes import ClaimView, EntryView, MatterView, claim_view, entry_view, matter_view
from orchestrator.duty.service import Duty
from orchestrator.errors import Refused
from orchestrator.history.service import History
from orchestrator.history.timeline import Source, Stretch
from orchestrator.wall.model import Tile
from orchestrator.web.kit import Routes, get, json
from wire.ids import SiteId

MS = 1_000_000
HOUR_MS = 3_600_000
MOST_MS = 31 * 24 * HOUR_MS
TileOf = Callable[[SiteId], Tile | None]


class NowView(msgspec.Struct, frozen=True):
    """A site as the wall shows it, and who is on the telephone with it."""

    centre_ms: int
    tile: Tile
    claim: ClaimView | None
    matter: MatterView | None


class StretchView(msgspec.Struct, frozen=True):
    from_ms: int
    until_ms: int
    state: str
    source: Source


class LaneView(msgspec.Struct, frozen=True):
    facet: str
    stretches: list[StretchView]


class EventView(msgspec.Struct, frozen=True):
    id: int
    at_ms: int
    kind: str
    severity: int
    params: dict[str, Any]


class HistoryView(msgspec.Struct, frozen=True):
    """A site between two moments; lanes fill the whole of it."""

    from_ms: int
    until_ms: int
    lanes: list[LaneView]
    events: list[EventView]
    book: list[EntryView]


class SitePages:
    """The handlers."""

    def __init__(self, history: History, duty: Duty, tile_of: TileOf, clock: Clock) -> None:
        self._history = history
        self._duty = duty
        self._tile_of = tile_of
        self._clock = clock

    async def now(self, request: web.Request) -> web.StreamResponse:
        site = SiteId(request.match_info["site"])
        tile = self._tile(site)
        claim = next((claim_view(claim) for claim in self._duty.claims if claim.site == site), None)
        matter = next((matter_view(matter) for matter in self._duty.matters if matter.site == site), None)
        return json(NowView(self._clock.now_ns() // MS, tile, claim, matter))

    async def history(self, request: web.Request) -> web.StreamResponse:
        site = SiteId(request.match_info["site"])
        self._tile(site)
        now_ms = self._clock.now_ns() // MS
        until_ms = min(_asked(request, "until_ms", now_ms), now_ms)
        from_ms = until_ms - _asked(request, "last_ms", 6 * HOUR_MS)
        if not 0 < until_ms - from_ms <= MOST_MS:
            raise Refused("bad_window", "Chọn từ một khoảnh khắc đến 31 ngày. / At most 31 days.", 422)
        told = await self._history.of(site, from_ms * MS, until_ms * MS)
        book = await self._duty.book_of(site, from_ms * MS)
        return json(
            HistoryView(
                from_ms,
                until_ms,
                [LaneView(lane.facet, [_view(each) for each in lane.stretches]) for lane in told.lanes],
                [
                    EventView(number, event.at_ns // MS, event.kind, event.severity, event.params)
                    for number, event in enumerate(told.events)
                ],
                [entry_view(entry) for entry in book if entry.at_ns < until_ms * MS],
            )
        )

    def _tile(self, site: SiteId) -> Tile:
        tile = self._tile_of(site)
        if tile is None:
            raise Refused("no_site", "Không có điểm cầu này. / No such site.", 404)
        return tile


def _view(stretch: Stretch) -> StretchView:
    return StretchView(stretch.from_ns // MS, stretch.until_ns // MS, stretch.state, stretch.source)


def _asked(request: web.Request, name: str, usual: int) -> int:
    try:
        return int(request.query.get(name, usual))
    except ValueError as error:
        raise Refused("bad_request", f"{name} phải là số. / {name} must be a number.") from error


def routes(pages: SitePages) -> Routes:
    """The routes of one site."""
    site = "/api/v1/sites/{site}"
    return [
        get(f"{site}/now", pages.now, action="wall.see", summary="a site as it is", reply=NowView),
        get(f"{site}/history", pages.history, action="wall.see", summary="what became of it", reply=HistoryView),
    ]
