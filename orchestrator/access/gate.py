"""The gate before every route: session cookie, right, CSRF token, origin."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from orchestrator.access import login
from orchestrator.access.model import BOUND, Person, may
from orchestrator.access.service import Access
from orchestrator.errors import Refused
from orchestrator.web.kit import ANYONE, Identity, Route

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BEFORE_CHANGE = frozenset({"/api/v1/me", "/api/v1/me/password", "/api/v1/logout"})
"""What a person with a one-time password may reach."""


_SESSIONS = "/api/v1/sessions"
"""The list, which shows everybody only what is theirs."""
_OF_SESSION = re.compile(r"^/api/v1/sessions/\{id\}(/|$)")


class SessionGate:
    """Admits by cookie. `origins` are pages allowed besides the host that was asked, such as `server.public_url`."""

    def __init__(self, access: Access, origins: Collection[str] = ()) -> None:
        self._access = access
        self._origins = frozenset(_authority(origin) for origin in origins)

    async def admit(self, request: web.Request, route: Route) -> Identity | None:
        """The signed-in person, None for a public route. Refuses with 401 or 403."""
        if route.action is None:
            return None
        unsafe = request.method not in _SAFE
        if unsafe or request.headers.get(hdrs.UPGRADE):
            self.check_origin(request)
        token = request.cookies.get(login.COOKIE, "")
        person = await self._access.person_of(token) if token else None
        if person is None:
            raise Refused("signed_out", "Hãy đăng nhập. / Please sign in.", 401)
        if unsafe and not login.csrf_fits(token, request.headers.get(login.CSRF_HEADER, "")):
            raise Refused("csrf", "Thiếu hoặc sai mã chống giả mạo, hãy tải lại trang. / Bad CSRF token.", 403)
        _check_right(person, route)
        _check_bound(person, route, request.match_info.get("id", ""))
        return Identity(person.id, person.username, person.name, person.role.value, person.session)

    async def still_admits(self, request: web.Request, action: str) -> bool:
        """Whether the session that opened a socket counts still and holds the right; asking does not prolong it."""
        person = await self._access.holder(request.cookies.get(login.COOKIE, ""))
        return person is not None and not person.must_change and may(person.role, action)

    def check_origin(self, request: web.Request) -> None:
        """Refuse what a foreign page sent. Browsers name the page in Origin on every unsafe request and WebSocket
        (Fetch §3.2, RFC 6455 §10.2); a program that sends none holds no browser's cookie."""
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is None and request.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}:
            return
        if origin is None or _authority(origin) not in self._origins | {request.host.casefold()}:
            raise Refused("wrong_origin", "Yêu cầu đến từ trang khác. / Sent by another page.", 403)


def _check_right(person: Person, route: Route) -> None:
    if person.must_change and route.path not in _BEFORE_CHANGE:
        raise Refused("must_change", "Hãy đổi mật khẩu dùng một lần trước. / Change the one-time password first.", 403)
    if route.action != ANYONE and not may(person.role, route.action or ""):
        raise Refused("forbidden", "Vai trò này không được làm việc đó. / Not allowed.", 403)


def _check_bound(person: Person, route: Route, asked: str) -> None:
    """Who came by a lecture link reaches that session and nothing else, whatever is added to the role later."""
    if person.role not in BOUND and not person.session:
        return
    own = person.session and asked == person.session and _OF_SESSION.match(route.path)
    if route.action != ANYONE and route.path != _SESSIONS and not own:
        raise Refused("forbidden", "Liên kết này chỉ dùng cho một buổi học. / This link is for one session.", 403)


def _authority(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.casefold()
    except ValueError:
        return ""
