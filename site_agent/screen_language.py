"""In which language the big screen speaks: the configured one, until somebody at the site desk chooses another.

Nobody can press anything on the big screen, and its browser has a profile of its own: what another page of this
computer remembers never reaches it. `POST /local/language`, on loopback only.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import structlog
from aiohttp import web

from site_agent.config import Language
from site_agent.kept import keep
from site_agent.local_guard import refused
from site_agent.state import SiteState
from wire.unreadable import UNREADABLE

FILE = "screen.json"

log = structlog.get_logger()


class Chosen(msgspec.Struct, frozen=True):
    """The file in the agent's home, and the body of `POST /local/language`."""

    language: Language


class ScreenLanguage:
    """Keeps the choice in `home` and tells the screen through `state`."""

    def __init__(self, home: Path, state: SiteState, configured: Language) -> None:
        self._path = home / FILE
        self._state = state
        self._one = asyncio.Lock()
        state.put(language=self._kept() or configured)

    async def choose(self, language: Language) -> None:
        """From now on, also after a restart; raises `OSError` and changes nothing when it cannot be kept."""
        async with self._one:
            await asyncio.to_thread(keep, self._path, msgspec.json.encode(Chosen(language)))
            self._state.put(language=language)

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.post("/local/language", self._choose)]

    async def _choose(self, request: web.Request) -> web.StreamResponse:
        try:
            chosen = msgspec.json.decode(await request.read(), type=Chosen)
            await self.choose(chosen.language)
        except UNREADABLE:
            return refused(400, "bad_request", "Chọn tiếng Việt hoặc tiếng Anh. / Vietnamese or English.")
        except OSError:
            return refused(503, "not_kept", "Máy chưa ghi được, hãy thử lại. / Not kept, try again.")
        return web.json_response({"language": chosen.language})

    def _kept(self) -> Language | None:
        if not self._path.is_file():
            return None
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Chosen).language
        except (OSError, *UNREADABLE) as fault:
            log.error("screen_language_unreadable", error=str(fault))
            return None
