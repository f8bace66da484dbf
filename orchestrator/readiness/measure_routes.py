"""`/agent/line/{turn}`: octets to measure a line with. The address itself is the right, told over the link."""

from __future__ import annotations

import asyncio
import secrets

import msgspec
from aiohttp import web

from orchestrator.readiness.measuring import PATH, Measuring
from orchestrator.web.kit import Routes, get, json, post

CHUNK = 32 << 10
_NOISE = secrets.token_bytes(CHUNK)
"""No proxy on the way makes it smaller."""


class Taken(msgspec.Struct, frozen=True):
    """How much of an upload came within its time, and in how many milliseconds from its first octet."""

    octets: int
    ms: float


def routes(measuring: Measuring) -> Routes:
    """Both ways."""

    async def down(request: web.Request) -> web.StreamResponse:
        turn = measuring.down(request.match_info["turn"])
        reply = web.StreamResponse(headers={"Content-Type": "application/octet-stream", "Cache-Control": "no-store"})
        await reply.prepare(request)
        left = turn.limits.down_bytes
        try:
            async with asyncio.timeout(turn.limits.way_s):
                while left > 0:
                    await reply.write(_NOISE[: min(left, CHUNK)])
                    left -= CHUNK
        except TimeoutError:
            pass  # a slow line: what came through counts
        await reply.write_eof()
        return reply

    async def up(request: web.Request) -> web.StreamResponse:
        turn = measuring.up(request.match_info["turn"])
        octets, began = 0, _loop_time()
        try:
            async with asyncio.timeout(turn.limits.way_s):
                while octets < turn.limits.up_bytes and (part := await request.content.readany()):
                    octets += len(part)
        except TimeoutError:
            pass
        finally:
            measuring.done(turn)
        return json(Taken(octets, round(1000 * (_loop_time() - began), 1)))

    return [
        get(f"{PATH}/{{turn}}", down, action=None, summary="Octets down, for a site's measurement"),
        post(f"{PATH}/{{turn}}", up, action=None, summary="Octets up, for a site's measurement", reply=Taken),
    ]


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
