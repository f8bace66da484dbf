"""Runs the centre: up in order, until somebody says stop, down in reverse."""

from __future__ import annotations

import asyncio
import signal
import ssl
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial

import structlog

from orchestrator.app.build import build
from orchestrator.app.live import listen
from orchestrator.app.lives import keep_alive
from orchestrator.app.memory import unwatch_started
from orchestrator.config import Config
from orchestrator.web.server import application, listening_socket, serving
from wire.forwarded import proxies

log = structlog.get_logger()

STOP_STEP_S = 5.0


async def serve(config: Config, stop: asyncio.Event, when_up: Callable[[], None] = lambda: None) -> None:
    """Serve until ``stop`` is set; ``when_up`` is called once all stands.

    Raises :class:`OSError` when an address or a file cannot be had.
    """
    async with AsyncExitStack() as stack:
        tls = _tls(config)
        bound = listening_socket(config.server.host, config.server.port)
        stack.callback(bound.close)
        host, port = bound.getsockname()[:2]
        public_url = (config.server.public_url or f"{'https' if tls else 'http'}://{host}:{port}").rstrip("/")
        centre = await build(config, public_url, stack)
        app = application(centre.routes, centre.gate, proxies(config.server.trusted_proxies))
        await centre.plane.start()
        stack.push_async_callback(_within, "media", centre.plane.stop)
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        ready = asyncio.Event()
        running = tasks.create_task(keep_alive({"bus": partial(listen, centre.live, ready), **centre.lives}))
        stack.callback(running.cancel)
        await ready.wait()
        await stack.enter_async_context(serving(app, bound, tls))
        stack.push_async_callback(_within, "links", centre.links.close_all)
        when_up()
        log.info("centre_up", url=public_url)
        await stop.wait()
        log.info("centre_stopping")


async def _within(stage: str, close: Callable[[], Awaitable[None]]) -> None:
    """Stop one stage, but do not wait for it for ever."""
    try:
        async with asyncio.timeout(STOP_STEP_S):
            await close()
    except TimeoutError:
        log.warning("stop_took_too_long", stage=stage)


def _tls(config: Config) -> ssl.SSLContext | None:
    if not config.server.tls_certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(config.server.tls_certificate, config.server.tls_key)
    return context


async def serve_until_signal(config: Config) -> None:
    """Serve until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await serve(config, stop, unwatch_started)
