"""Who may speak to the desk, and from which address: Host and Origin allow-lists, and the proxy that is believed.

Host must be the address the request came in on, or a name from the configuration (against DNS rebinding); Origin must
be that same Host (RFC 6455 §10.2). Behind a proxy that the configuration names, the candidate's address is read from
X-Forwarded-For (`wire/forwarded.py`).
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from aiohttp import web

from wire.forwarded import asker, proxies


class Entrance:
    """`names`: further host names; `url`: what candidates open, e.g. `https://thi.example.vn/`; `behind`: addresses or
    networks (`127.0.0.1`, `10.0.0.0/8`) of proxies that are believed. Raises ValueError for what is neither."""

    def __init__(self, names: Iterable[str] = (), url: str = "", behind: Iterable[str] = ()) -> None:
        parts = urlsplit(url)
        self._names = {*names, *([_bracketed(parts.hostname)] if parts.hostname else [])}
        self._public = (parts.netloc, f"{parts.scheme}://{parts.netloc}") if parts.netloc else None
        self._proxies = proxies(tuple(behind))

    def admits(self, request: web.Request) -> bool:
        """Whether Host, and Origin if there is one, are ours. What changes anything must say where it comes from: a
        WebSocket always does; a POST of an old browser may not, but then bears a content type that no form can."""
        origin = request.headers.get("Origin")
        if origin is None:
            silent = request.method == "GET" and "Upgrade" not in request.headers
            asked_first = request.method == "POST" and request.content_type == "application/json"
            return (silent or asked_first) and request.host in self._origins(request)
        return self._origins(request).get(request.host) == origin

    def peer(self, request: web.Request) -> str:
        """The address that failed attempts are counted for."""
        return asker(request.remote or "", request.headers.getall("X-Forwarded-For", []), self._proxies)

    def _origins(self, request: web.Request) -> dict[str, str]:
        """Allowed Host → its Origin."""
        transport = request.transport
        address = transport.get_extra_info("sockname") if transport is not None else None
        if address is None:
            return {}
        own = [_bracketed(address[0]), *self._names]
        hosts = [f"{name}:{address[1]}" for name in own] + (own if address[1] == 80 else [])
        return {host: f"http://{host}" for host in hosts} | dict([self._public] if self._public else [])


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name
