"""A whole centre (the real program) with one site and one live session, for the sources of its lecture."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import aiohttp

from demo.children import Children
from demo.operator import Operator
from demo.stage import start_centre
from tests.doubles.films import film
from tests.doubles.lean import LEAN
from tests.doubles.tus import begin_upload
from tests.doubles.webrtc import Viewer

SITES = (
    "Mã điểm cầu,Tên điểm cầu,Cấp học,Tỉnh/Thành phố,Quận/Huyện,Xã/Phường,Số học viên,Người phụ trách,Điện thoại\n"
    "TH-001,Trường Tiểu học Hoa Sen,Tiểu học,Tỉnh Mẫu,Huyện Mẫu,Xã Mẫu,42,Trần Thị An,0912345678\n"
)
PASSWORD = "mật khẩu của quản trị"


@dataclass
class SourceDay:
    """The centre's address, its administrator and the session."""

    url: str
    http: aiohttp.ClientSession
    admin: Operator
    session: dict[str, Any]
    folder: Path

    @property
    def path(self) -> str:
        return f"/api/v1/sessions/{self.session['id']}/sources"

    async def add(self, **wish: Any) -> dict[str, Any]:
        """A new source, by the administrator."""
        made: dict[str, Any] = await self.admin.post(self.path, wish)
        return made

    async def board(self) -> dict[str, Any]:
        """What the page is told."""
        told: dict[str, Any] = await self.admin.get(self.path)
        return told

    async def told(self, source: str) -> dict[str, Any]:
        """A source's last word."""
        return next(one["told"] for one in (await self.board())["sources"] if one["id"] == source)

    async def until_told(self, source: str, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """A source's word once it is so."""
        for _ in range(600):
            told = await self.told(source)
            if true(told):
                return told
            await asyncio.sleep(0.1)
        raise AssertionError(f"never so: {told}")

    async def send_film(self, name: str, content: bytes) -> dict[str, Any]:
        """Send a film whole; what became of it."""
        upload = await begin_upload(self.admin, f"{self.path.rpartition('/')[0]}/clips", name, len(content))
        assert await upload.piece(0, content) == 204
        return await self.settled(upload.id)

    async def settled(self, clip: str) -> dict[str, Any]:
        """A sent film once it is ready or refused."""
        for _ in range(600):
            told: dict[str, Any] = next(each for each in (await self.board())["clips"] if each["id"] == clip)
            if told["state"] in {"ready", "refused"}:
                return told
            await asyncio.sleep(0.1)
        raise AssertionError(f"never settled: {told}")

    async def source_of(self, clip: str) -> str:
        """The source that plays a sent film."""
        return str(next(one["id"] for one in (await self.board())["sources"] if one["clip"] == clip))

    async def until_on_wall(
        self, wall: aiohttp.ClientWebSocketResponse, true: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """What the wall says of the session's source, once it is so."""
        async with asyncio.timeout(60):
            while True:
                told = await wall.receive_json()
                for session in told.get("sessions", []):
                    if session["id"] == self.session["id"] and true(session["source"]):
                        return dict(session["source"])

    async def until_off_air(self) -> None:
        """Wait until the centre gets no lecturer's picture any more."""
        for _ in range(600):
            if not (await self.admin.get(f"/api/v1/sessions/{self.session['id']}"))["on_air"]:
                return
            await asyncio.sleep(0.1)
        raise AssertionError("somebody is still on air")

    async def order(self, source: str, deed: str, at_s: float = 0.0) -> None:
        await self.admin.post(f"{self.path}/{source}/orders", {"deed": deed, "at_s": at_s})

    async def rtmp_url(self) -> str:
        """Where encoders send, once the door is open."""
        for _ in range(400):
            url = str((await self.board())["rtmp_url"])
            if not url.endswith(":0/live"):
                return url
            await asyncio.sleep(0.05)
        raise AssertionError("the door did not open")

    async def srt_url(self) -> str:
        """Where encoders push by SRT, once the door is open."""
        for _ in range(400):
            url = str((await self.board())["srt_url"])
            if not url.endswith(":0"):
                return url
            await asyncio.sleep(0.05)
        raise AssertionError("the door did not open")

    async def viewer(self) -> Viewer:
        """Somebody who watches by WHEP and decodes."""
        ticket = await self.admin.get(f"/api/v1/sessions/{self.session['id']}/view")
        return Viewer(ticket["whep_url"], token=ticket["token"])


@asynccontextmanager
async def source_day(folder: Path, configured: Mapping[str, str] = MappingProxyType({})) -> AsyncIterator[SourceDay]:
    """All of it, with a film in the centre's folder, and what is ``configured`` in the centre's environment; the RTMP
    door's port is the system's choice."""
    films = folder / "centre" / "films"
    films.mkdir(parents=True, exist_ok=True)
    film(films / "chuyen-de.mp4", brightness=60, seconds=15, size="160x90")
    async with aiohttp.ClientSession() as http, Children(folder, {}) as children:
        ports = {"DIEMCAU_SOURCES__RTMP_PORT": "0", "DIEMCAU_SOURCES__SRT_PORT": "0"}
        _, url = await start_centre(children, folder, 0, {**LEAN, **ports, **configured})
        admin = Operator(http, url)
        username, one_time = (folder / "centre" / "first-password.txt").read_text(encoding="utf-8").split()
        await admin.sign_in(username, one_time)
        await admin.change_password(one_time, PASSWORD)
        await admin.upload("/api/v1/sites/import?filename=tinh.csv", SITES.encode())
        now_ms = time.time_ns() // 1_000_000
        plan = {"topic": "Đổi mới kiểm tra", "starts_ms": now_ms, "ends_ms": now_ms + 3_600_000}
        session = await admin.post("/api/v1/sessions", plan)
        await admin.post(f"/api/v1/sessions/{session['id']}/orders", {"order": "go_live"})
        yield SourceDay(url, http, admin, session, folder)
