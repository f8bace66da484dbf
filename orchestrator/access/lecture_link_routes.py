"""HTTP of whoever comes by a lecture link: the browser opens it once, and knocks again with its key."""

from typing import Annotated

import msgspec
from aiohttp import web

from orchestrator.access import login
from orchestrator.access.gate import SessionGate
from orchestrator.access.lecture_links import LectureLinks
from orchestrator.errors import Refused
from orchestrator.web.kit import Routes, body, json, post

KEY = "diemcau_lecture"
KEY_PATH = "/api/v1/login/lecture"
"""The only address that the browser gives its key to."""
KEY_S = 30 * 24 * 3600
"""How long the browser keeps it; each use begins it anew."""
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class EnterBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`token` of a link, with a `mark` of the browser's own to ask again when the answer was lost; or `session`, for a
    browser that opened a link of it before."""

    token: _Text | None = None
    session: _Text | None = None
    mark: _Text | None = None


class Let(msgspec.Struct, frozen=True):
    """Which session the browser may open."""

    session: str


def routes(links: LectureLinks, gate: SessionGate, *, secure: bool) -> Routes:
    """The one door; `secure` when pages come over TLS."""

    # A POST, never the mere opening of an address: previews of messengers and scanners open what they are sent.
    async def enter(request: web.Request) -> web.StreamResponse:
        gate.check_origin(request)
        given, key = await body(request, EnterBody), request.cookies.get(KEY, "")[:200]
        if given.token is not None:
            entered = await links.enter(given.token, key, request.remote or "?", given.mark or "")
        elif given.session is not None and key:
            entered = await links.again(given.session, key)
        else:
            raise Refused("no_key", "Trình duyệt này chưa mở liên kết nào. / No link was opened here.", 401)
        reply = json(Let(entered.signed.person.session))
        cookie = {"httponly": True, "samesite": "Strict", "secure": secure}
        reply.set_cookie(login.COOKIE, entered.signed.token, path="/", **cookie)  # type: ignore[arg-type]
        reply.set_cookie(KEY, entered.key, path=KEY_PATH, max_age=KEY_S, **cookie)  # type: ignore[arg-type]
        return reply

    return [post(KEY_PATH, enter, action=None, summary="into one session by link or key", body=EnterBody, reply=Let)]
