"""An operator's word on how much of the lecture a room gets, over HTTP."""

from __future__ import annotations

import msgspec
from aiohttp import web

from orchestrator.media.port import Rung
from orchestrator.media.rungs import RungNow
from orchestrator.sessions.rungs.service import RungOrders
from orchestrator.web.kit import Routes, body, json, put, who
from wire.ids import SiteId


class RungWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``rung`` None: whatever the line takes."""

    rung: Rung | None


class RungPages:
    """The handler."""

    def __init__(self, orders: RungOrders) -> None:
        self._orders = orders

    async def order(self, request: web.Request) -> web.StreamResponse:
        """For the session that the room's screen shows now; it ends with the session."""
        site, wish = SiteId(request.match_info["site"]), await body(request, RungWish)
        return json(await self._orders.order(who(request), site, wish.rung))


def routes(pages: RungPages) -> Routes:
    """The route."""
    return [
        put(
            "/api/v1/sites/{site}/rung",
            pages.order,
            action="sessions.conduct",
            summary="full, low, sound, phone, or null for whatever the line takes",
            body=RungWish,
            reply=RungNow,
        )
    ]
