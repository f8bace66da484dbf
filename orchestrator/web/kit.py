"""What every ``routes.py`` is written with: routes as data, typed bodies, JSON replies, who asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

import msgspec
from aiohttp import web

from orchestrator.errors import Refused
from wire.unreadable import UNREADABLE

T = TypeVar("T")
Respond = Callable[[web.Request], Awaitable[web.StreamResponse]]

BODY_LIMIT = 1 << 20
ANYONE = "any"
"""The action of a route that any signed-in person may take."""


class Identity(msgspec.Struct, frozen=True):
    """A signed-in person; ``session`` is the only one that somebody who came by a lecture link may see."""

    person: str
    username: str
    name: str
    role: str
    session: str = ""


class Route(msgspec.Struct, frozen=True):
    """One HTTP route. ``action`` None means public; :data:`ANYONE` means signed in; else a right of the role table."""

    method: str
    path: str
    handler: Respond
    action: str | None
    summary: str = ""
    body: Any = None
    reply: Any = None


Routes = list[Route]


class Gate(Protocol):
    """Decides whether a request may pass. Implemented by ``access``; raises :class:`Refused` when it may not."""

    async def admit(self, request: web.Request, route: Route) -> Identity | None: ...


IDENTITY: web.RequestKey[Identity] = web.RequestKey("identity", Identity)


def get(path: str, handler: Respond, *, action: str | None, summary: str = "", reply: Any = None) -> Route:
    return Route("GET", path, handler, action, summary, None, reply)


def post(
    path: str, handler: Respond, *, action: str | None, summary: str = "", body: Any = None, reply: Any = None
) -> Route:
    return Route("POST", path, handler, action, summary, body, reply)


def put(
    path: str, handler: Respond, *, action: str | None, summary: str = "", body: Any = None, reply: Any = None
) -> Route:
    return Route("PUT", path, handler, action, summary, body, reply)


def delete(path: str, handler: Respond, *, action: str | None, summary: str = "", reply: Any = None) -> Route:
    return Route("DELETE", path, handler, action, summary, None, reply)


async def content(request: web.Request, limit: int = BODY_LIMIT) -> bytes:
    """The raw body, refused with 413 as soon as it passes ``limit`` bytes."""
    if request.content_length is not None and request.content_length > limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    async for part in request.content.iter_chunked(1 << 16):
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
    return b"".join(parts)


def _too_large(limit: int) -> Refused:
    return Refused("too_large", f"Nội dung quá lớn (tối đa {limit >> 10} KiB). / Body too large.", 413)


async def body(request: web.Request, kind: type[T]) -> T:
    """The JSON body as ``kind``; a fault is refused with the place and the reason."""
    try:
        return msgspec.json.decode(await content(request), type=kind)
    except UNREADABLE as error:
        raise Refused("bad_request", f"Yêu cầu không đúng dạng: {error} / Malformed request.") from error


def json(value: object, status: int = 200) -> web.Response:
    """A JSON reply; msgspec structs, dataclasses and plain values alike."""
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")


def who(request: web.Request) -> Identity:
    """The signed-in person of a route whose action is not None."""
    return request[IDENTITY]
