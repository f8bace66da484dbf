"""HTTP of televisions: made and taken back by administrators, let in by link or key."""

from typing import Annotated

import msgspec
from aiohttp import web

from orchestrator.access import login
from orchestrator.access.gate import SessionGate
from orchestrator.access.television_store import Television
from orchestrator.access.televisions import Televisions
from orchestrator.errors import Refused
from orchestrator.web.kit import Routes, body, delete, get, json, post, who

KEY = "diemcau_television"
KEY_PATH = "/api/v1/login/television"
"""The only address that the browser gives its key to."""
KEY_S = 400 * 24 * 3600
"""The longest that browsers keep a cookie; each use begins it anew."""
MS = 1_000_000


class NameBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class EnterBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`token` of a link; without one the browser's key counts."""

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None


class Listed(msgspec.Struct, frozen=True):
    """A television in the list; times in ms."""

    id: str
    name: str
    made_by: str
    made_ms: int
    entered_ms: int | None
    seen_ms: int | None
    revoked_ms: int | None


class Made(msgspec.Struct, frozen=True):
    """A new television; `token` is shown once, as part of its link."""

    television: Listed
    token: str
    until_ms: int


def _listed(one: Television) -> Listed:
    return Listed(
        id=one.id,
        name=one.name,
        made_by=one.made_by,
        made_ms=one.made_ns // MS,
        entered_ms=_ms(one.entered_ns),
        seen_ms=_ms(one.seen_ns),
        revoked_ms=_ms(one.revoked_ns),
    )


def _ms(at_ns: int | None) -> int | None:
    return None if at_ns is None else at_ns // MS


def routes(televisions: Televisions, gate: SessionGate, *, secure: bool) -> Routes:
    """All routes of televisions; `secure` when pages come over TLS."""

    async def listed(_request: web.Request) -> web.StreamResponse:
        return json([_listed(each) for each in await televisions.all()])

    async def make(request: web.Request) -> web.StreamResponse:
        made = await televisions.make(who(request).username, (await body(request, NameBody)).name)
        return json(Made(_listed(made.television), made.token, made.until_ns // MS), 201)

    async def take_back(request: web.Request) -> web.StreamResponse:
        await televisions.take_back(who(request).username, request.match_info["television"])
        return json({})

    # A POST, never the mere opening of an address: previews of messengers and scanners open what they are sent.
    async def enter(request: web.Request) -> web.StreamResponse:
        gate.check_origin(request)
        token, address = (await body(request, EnterBody)).token, request.remote or "?"
        key = request.cookies.get(KEY, "")
        if token is None and not key:
            raise Refused("no_key", "Trình duyệt này chưa được nhận làm màn hình. / Not a television yet.", 401)
        admitted = await (televisions.again(key, address) if token is None else televisions.enter(token, address))
        reply = json({})
        cookie = {"httponly": True, "samesite": "Strict", "secure": secure}
        reply.set_cookie(login.COOKIE, admitted.signed.token, path="/", **cookie)  # type: ignore[arg-type]
        reply.set_cookie(KEY, admitted.key or key, path=KEY_PATH, max_age=KEY_S, **cookie)  # type: ignore[arg-type]
        return reply

    edit = "people.edit"
    return [
        get("/api/v1/televisions", listed, action=edit, summary="televisions of the wall", reply=list[Listed]),
        post("/api/v1/televisions", make, action=edit, summary="a new television", body=NameBody, reply=Made),
        delete("/api/v1/televisions/{television}", take_back, action=edit, summary="take a television's key back"),
        post(KEY_PATH, enter, action=None, summary="let a television in by its link or its key", body=EnterBody),
    ]
