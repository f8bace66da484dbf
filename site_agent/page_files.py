"""Pages and what they load, as the build made them: a page may run its own inline lines, assets are kept for ever."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from wire.page_policy import script_sources

ASSET_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
"""aiohttp's FileResponse sends `name.gz`, which the build writes beside each asset, to whoever accepts gzip: caches on
the way must keep the two apart (RFC 9110 §12.5.5)."""


class PageReply(web.FileResponse):
    """A built page, for a guard that writes its policy. Raises :class:`OSError` where there is none."""

    def __init__(self, file: Path, cache: str = "no-cache") -> None:
        super().__init__(file, headers={"Cache-Control": cache})
        self.scripts = script_sources(file)


def scripts_of(reply: web.StreamResponse) -> str:
    """The sources of `script-src` for a reply: of what is no page, only what its server sends."""
    return reply.scripts if isinstance(reply, PageReply) else "'self'"
