"""`/agent/link`: the WebSocket of a site's agent. `/agent/time`: centre time, for sites that compare centres."""

import msgspec
from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.links.service import SiteLinks
from orchestrator.web.kit import Routes, get
from wire.centretime import TIME_PATH, TimeTold
from wire.messages import MAX_FRAME_BYTES, SUBPROTOCOL

SLACK_BYTES = 4096
GOODBYE_S = 0.5


def routes(links: SiteLinks) -> Routes:
    """Return the route of the agents' WebSocket, which is public since the handshake proves who calls, and that of the
    centre's time, which is no secret."""

    async def link(request: web.Request) -> web.StreamResponse:
        # A frame a little too large is refused by name; a much larger one is not even read (close code 1009).
        socket = web.WebSocketResponse(
            timeout=GOODBYE_S, protocols=[SUBPROTOCOL], max_msg_size=MAX_FRAME_BYTES + SLACK_BYTES, compress=False
        )
        if not socket.can_prepare(request):
            raise Refused("websocket_only", "Địa chỉ này dành cho máy điểm cầu. / WebSocket only.", 426)
        await socket.prepare(request)
        await links.attend(socket, lambda: _abort(request))
        return socket

    async def centre_time(_: web.Request) -> web.StreamResponse:
        came_ns = links.now_ns()
        told = TimeTold(boot=links.boot, t1_ns=came_ns, t2_ns=links.now_ns())
        headers = {"Cache-Control": "no-store"}
        return web.Response(body=msgspec.json.encode(told), content_type="application/json", headers=headers)

    return [
        get("/agent/link", link, action=None, summary="WebSocket of a site's agent, subprotocol diemcau.v1"),
        get(TIME_PATH, centre_time, action=None, summary="Centre time, nanoseconds since 1970"),
    ]


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
