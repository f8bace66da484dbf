"""The built pages of ``dashboard/``: one HTML file a page, hashed assets that may be cached for ever."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.web.kit import Respond, Route, Routes, get
from orchestrator.web.server import policy
from wire.page_policy import script_sources

PAGES = {
    "/login": "login",
    "/wall": "wall",
    "/site/{site}": "site",
    "/duty": "duty",
    "/console": "console",
    "/essay": "essay",
    "/lecturer": "lecturer",
    "/lecturer/{session}": "lecturer",
    "/floor/{session}": "floor",
    "/results": "results",
    "/results/{exam}": "results",
    "/results/{exam}/places/{place}": "results",
    "/officers": "officers",
    "/portal": "portal",
    "/portal/{exam}": "portal",
    "/board": "board",
    "/board/{exam}": "board",
    "/readiness": "readiness",
    "/recordings": "recordings",
    "/recordings/{session}": "recordings",
}

ASSET_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
"""FileResponse sends `name.gz`, which the build writes beside each asset, to whoever accepts gzip: caches on the way
must keep the two apart (RFC 9110 §12.5.5)."""


def pages_folder() -> Path:
    """Where ``make setup`` puts the built pages; inside the package, so that a wheel carries them."""
    return Path(str(resources.files("orchestrator.web"))) / "pages"


def routes(folder: Path | None = None) -> Routes:
    """Routes of all pages. The pages themselves are public; what they show is not."""
    root = folder or pages_folder()
    return [
        get("/", _home, action=None, summary="the front door"),
        get("/favicon.ico", _no_icon, action=None),
        get("/assets/{name}", _asset(root), action=None, summary="scripts and styles of the pages"),
        *[_page(path, root / f"{name}.html") for path, name in PAGES.items()],
    ]


async def _home(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/wall")


async def _no_icon(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


def _page(path: str, file: Path) -> Route:
    async def respond(_request: web.Request) -> web.StreamResponse:
        if not file.is_file():
            raise Refused("pages_not_built", "Trang chưa được dựng: chạy `make setup`. / Run make setup.", 503)
        allowed = policy(script_sources(file))
        return web.FileResponse(file, headers={"Cache-Control": "no-cache", "Content-Security-Policy": allowed})

    return get(path, respond, action=None, summary=f"page {file.stem}")


def _asset(root: Path) -> Respond:
    async def respond(request: web.Request) -> web.StreamResponse:
        file = root / "assets" / Path(request.match_info["name"]).name
        if not file.is_file():
            raise Refused("not_found", "Không có tệp này. / Not found.", 404)
        return web.FileResponse(file, headers=ASSET_HEADERS)

    return respond
