"""WHIP and WHEP on the centre's own address, passed on to the workers. The bearer token is the worker's to judge."""

from __future__ import annotations

import asyncio
import re
from typing import Protocol

import msgspec
from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.media.workers import Reply
from orchestrator.web.kit import Respond, Route, Routes

SDP_LIMIT = 64 * 1024
BODY_S = 10.0
"""An offer that has not come by then does not come any more."""
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.~-]{0,99}$")
ASKED = ("Authorization", "Content-Type", "If-Match")
TOLD = frozenset(
    {
        "content-type",
        "etag",
        "link",
        "accept-patch",
        "accept-post",
        "retry-after",
        "www-authenticate",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "access-control-max-age",
    }
)
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Post, Accept-Patch",
}


class Door(Protocol):
    """Whoever speaks to the workers."""

    async def ask(self, method: str, stream: str, path: str, headers: dict[str, str], content: bytes) -> Reply: ...


def routes(door: Door, body_s: float = BODY_S) -> Routes:
    """The endpoints and sessions of both protocols. All public: rights are in the token."""
    found: Routes = []
    for prefix, what in (("whip", "Phát / Publish"), ("whep", "Xem / View")):
        endpoint, session = f"/{prefix}/{{stream}}", f"/{prefix}/{{stream}}/{{session}}"
        respond = _passing(door, prefix, body_s)
        found += [Route("POST", endpoint, respond, None, f"{what}: offer in, answer out ({prefix.upper()})")]
        found += [Route("PATCH", session, respond, None, "Trickle ICE candidates, ICE restart")]
        found += [Route("DELETE", session, respond, None, "End the session")]
        found += [Route("OPTIONS", path, respond, None, "What a page elsewhere may do") for path in (endpoint, session)]
    return found


def _passing(door: Door, prefix: str, body_s: float) -> Respond:
    async def respond(request: web.Request) -> web.StreamResponse:
        stream, session = request.match_info["stream"], request.match_info.get("session", "")
        if not NAME.match(stream) or (session and not re.match(r"^[A-Za-z0-9_-]{1,64}$", session)):
            return _refusal(404, "not_found", "Không có luồng này. / There is no such stream.")
        try:
            async with asyncio.timeout(body_s):
                content = await _content(request)
        except TimeoutError:
            return _refusal(408, "too_slow", "Dữ liệu đến quá chậm. / The offer did not come in time.")
        if content is None:
            return _refusal(413, "too_large", f"More than {SDP_LIMIT} bytes")
        headers = {name: request.headers[name] for name in ASKED if name in request.headers}
        path = f"/{prefix}/{stream}" + (f"/{session}" if session else "")
        try:
            reply = await door.ask(request.method, stream, path, headers, content)
        except Refused as refused:
            response = _refusal(refused.status, refused.code, refused.message)
            response.headers["Retry-After"] = str(refused.fields.get("retry_after_s", 1))
            return response
        return _passed(reply)

    return respond


async def _content(request: web.Request) -> bytes | None:
    """The body, or None when it is larger than any SDP."""
    if (request.content_length or 0) > SDP_LIMIT:
        return None
    content = bytearray()
    async for chunk in request.content.iter_chunked(SDP_LIMIT):
        content += chunk
        if len(content) > SDP_LIMIT:
            return None
    return bytes(content)


def _passed(reply: Reply) -> web.Response:
    response = web.Response(status=reply.status, body=reply.body, headers=CORS)
    for name, value in reply.headers:
        if name.lower() in TOLD:
            if name.lower() == "content-type":
                response.headers[name] = value
            else:
                response.headers.add(name, value)
        elif name.lower() == "location":
            # A worker answers with a path of its own server; ours are the same.
            response.headers["Location"] = value if value.startswith("/") else "/" + value.split("/", 3)[-1]
    return response


def _refusal(status: int, code: str, message: str) -> web.Response:
    body = msgspec.json.encode({"code": code, "message": message})
    return web.Response(status=status, body=body, content_type="application/json", headers=CORS)
