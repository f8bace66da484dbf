"""The HTTP server: routes behind one gate, errors mapped in one place, safe headers on everything."""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from orchestrator.errors import Refused
from orchestrator.web.kit import IDENTITY, Gate, Respond, Route, Routes, json
from wire.forwarded import Proxies, asker

log = structlog.get_logger()

CSP = (
    "default-src 'self'; script-src {scripts}; connect-src 'self' ws: wss:; img-src 'self' data: blob:; "
    "media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
SHUTDOWN_S = 3.0


def policy(scripts: str = "'self'") -> str:
    """The Content-Security-Policy of a reply; ``scripts``: the sources that a page may run."""
    return CSP.format(scripts=scripts)


def application(routes: Routes, gate: Gate, trusted: Proxies = ()) -> web.Application:
    """All routes of the centre as one application; ``trusted`` proxies say on whose behalf they ask.

    Two routes with the same method and path are a fault."""
    app = web.Application(middlewares=[_behind(trusted), _errors] if trusted else [_errors], client_max_size=0)
    for route in routes:
        app.router.add_route(route.method, route.path, _guarded(route, gate))
    app.on_response_prepare.append(_headers)
    return app


def _guarded(route: Route, gate: Gate) -> Respond:
    async def respond(request: web.Request) -> web.StreamResponse:
        identity = await gate.admit(request, route)
        if identity is not None:
            request[IDENTITY] = identity
        return await route.handler(request)

    return respond


def _behind(trusted: Proxies) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Respond) -> web.StreamResponse:
        told = asker(request.remote or "", request.headers.getall("X-Forwarded-For", []), trusted)
        return await handler(request if told == request.remote else request.clone(remote=told))

    return middleware


@web.middleware
async def _errors(request: web.Request, handler: Respond) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        reply = json({"code": refused.code, "message": refused.message, **refused.fields}, refused.status)
        if "retry_after_s" in refused.fields:
            reply.headers["Retry-After"] = str(refused.fields["retry_after_s"])
        return reply
    except web.HTTPNotFound:
        return json({"code": "not_found", "message": "Không có trang này. / Not found."}, 404)
    except web.HTTPMethodNotAllowed as error:
        return json({"code": "method_not_allowed", "message": str(error)}, 405)
    except web.HTTPException:
        raise
    except ConnectionResetError:
        raise
    except Exception:
        log.exception("request_failed", method=request.method, path=request.path)
        return json({"code": "internal", "message": "Lỗi máy chủ, đã ghi lại. / Internal error, logged."}, 500)


async def _headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.setdefault("Content-Security-Policy", policy())
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")


def listening_socket(host: str, port: int) -> socket.socket:
    """Bind before anything is built, so that port 0 is known to whoever needs our address. Raises :class:`OSError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.create_server((host, port), family=family, backlog=1024, reuse_port=False)
    bound.setblocking(False)
    return bound


@asynccontextmanager
async def serving(app: web.Application, bound: socket.socket, tls: ssl.SSLContext | None = None) -> AsyncIterator[None]:
    """Answer on ``bound`` until the block ends."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await web.SockSite(runner, bound, ssl_context=tls).start()
        yield
    finally:
        await runner.cleanup()
