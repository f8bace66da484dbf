"""A page of a test's own with a script bundled from the dashboard's sources or packages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from playwright.async_api import Page

DASHBOARD = Path(__file__).parents[2] / "dashboard"


async def bundle(entry: str, name: str, out: Path) -> None:
    """Bundle the module ``entry`` (source text, imports seen from dashboard/) so that its exports are ``name``."""
    esbuild = DASHBOARD / "node_modules/.bin/esbuild"
    process = await asyncio.create_subprocess_exec(
        str(esbuild),
        "--bundle",
        f"--global-name={name}",
        f"--outfile={out}",
        "--log-level=error",
        "--loader=ts",
        stdin=asyncio.subprocess.PIPE,
        cwd=DASHBOARD,
    )
    await process.communicate(entry.encode())
    assert process.returncode == 0, "esbuild failed"


async def until_so(page: Page, promise: str) -> None:
    """Wait until what the expression promises is true. (``wait_for_function`` takes the promise itself for true.)"""
    async with asyncio.timeout(90):
        while True:
            if await page.evaluate(promise):
                return
            await asyncio.sleep(0.25)


@asynccontextmanager
async def bundled_page(html: str, script: Path) -> AsyncIterator[str]:
    """Serve the page and its ``/script.js`` on loopback: a secure context, so that the camera may be used."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=html, content_type="text/html")

    async def code(_: web.Request) -> web.FileResponse:
        return web.FileResponse(script)

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/script.js", code)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
