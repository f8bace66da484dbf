"""Who may talk to the pages on this computer: only a browser that opened them from this computer itself.

The Host check stops a page elsewhere whose name was pointed at 127.0.0.1 (DNS rebinding); the Origin check stops a
page elsewhere from posting or opening a WebSocket here (RFC 6455 §10.2).
"""

from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

from site_agent.page_files import scripts_of

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guard(port: Callable[[], int], connect: Callable[[], Iterable[str]]) -> Middleware:
    """Middleware for a server on loopback `port`; pages may also connect to the origins that `connect` names."""

    @web.middleware
    async def checked(request: web.Request, handler: Serve) -> web.StreamResponse:
        hosts = {f"{name}:{port()}" for name in LOOPBACK_NAMES}
        if request.host not in hosts:
            return refused(403, "wrong_host", "Chỉ mở được trên chính máy này. / Open it on this computer.")
        if not _origin_allowed(request, hosts):
            return refused(403, "wrong_origin", "Yêu cầu từ trang khác bị từ chối. / Refused: another page asked.")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_headers(request.host, connect(), scripts_of(response)))
        return response

    return checked


def refused(status: int, code: str, message: str) -> web.Response:
    """An error as every page expects it."""
    return web.json_response({"code": code, "message": message}, status=status)


def origin_of(url: str) -> str | None:
    """`https://host:port` of an absolute http(s) address; None for anything else or for odd characters, which have no
    place in a policy header."""
    parts = urlsplit(url)
    plain = all(letter.isalnum() or letter in ".-:[]" for letter in parts.netloc)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc and plain else None


def _origin_allowed(request: web.Request, hosts: set[str]) -> bool:
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin in {f"http://{host}" for host in hosts}
    return request.method in ("GET", "HEAD") and request.headers.get("Upgrade") is None


def _headers(host: str, connect: Iterable[str], scripts: str) -> dict[str, str]:
    reach = " ".join(("'self'", f"ws://{host}", *sorted(set(connect))))
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            f"media-src 'self' blob: mediastream:; connect-src {reach}; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
