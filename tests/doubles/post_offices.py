"""Where alarms are sent to: a web hook, a mail server, Telegram's Bot API, each real on loopback."""

from __future__ import annotations

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import Message
from email.policy import default
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Hook:
    """A web hook that keeps what it gets. ``status``: what it answers; ``hangs``: it does not answer at all."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.hangs = False
        self.got: list[dict[str, Any]] = []
        self.paths: list[str] = []

    async def take(self, request: web.Request) -> web.Response:
        told = await request.json()
        if self.hangs:
            await asyncio.sleep(3600)
        if self.status < 300:
            self.got.append(told)
            self.paths.append(request.path_qs)
        return web.Response(status=self.status)


class Telegram:
    """The Bot API as far as sending needs it (https://core.telegram.org/bots/api#sendmessage)."""

    def __init__(self, token: str) -> None:
        self.url = ""
        self.token = token
        self.got: list[dict[str, Any]] = []

    async def call(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            refused = {"ok": False, "error_code": 401, "description": "Unauthorized"}
            return web.json_response(refused, status=401)
        told = await request.json() if request.content_type == "application/json" else dict(await request.post())
        self.got.append({"method": request.match_info["method"], **told})
        return web.json_response({"ok": True, "result": {"message_id": len(self.got), "date": 1, "chat": {"id": 1}}})


class Mail:
    """A mail server that lets one person send and keeps the mail."""

    def __init__(self, user: str, password: str) -> None:
        self.address = ""
        self.user, self.password = user, password
        self.got: list[tuple[list[str], Message]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.got.append((list(envelope.rcpt_tos), email.message_from_bytes(envelope.content, policy=default)))
        return "250 OK"

    def admits(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object) -> AuthResult:
        """For aiosmtpd's ``authenticator``."""
        right = LoginPassword(self.user.encode(), self.password.encode())
        return AuthResult(success=given == right)


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def web_hook() -> AsyncIterator[Hook]:
    hook, app = Hook(), web.Application()
    app.router.add_post("/{tail:.*}", hook.take)
    async with _served(app) as hook.url:
        yield hook


@asynccontextmanager
async def telegram_api(token: str) -> AsyncIterator[Telegram]:
    api, app = Telegram(token), web.Application()
    app.router.add_post("/bot{token}/{method}", api.call)
    async with _served(app) as api.url:
        yield api


@asynccontextmanager
async def mail_server(user: str, password: str) -> AsyncIterator[Mail]:
    mail = Mail(user, password)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(mail, hostname="localhost", authenticator=mail.admits, auth_require_tls=False), "127.0.0.1", 0
    )
    mail.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield mail
    finally:
        server.close()
