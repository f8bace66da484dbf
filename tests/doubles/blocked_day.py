"""A live session of which a school and an office hear and say everything from behind a firewall that swallows UDP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from playwright.async_api import Browser, Page

from demo.children import Children
from demo.operator import Operator
from demo.province import make_province, workbook
from demo.room import write_room
from demo.stage import School, Stage, agent_command, logged, start_centre, until
from tests.doubles.cabled_school import CabledSchool, cabled_school
from tests.doubles.coturn import SECRET, Coturn, coturn
from tests.doubles.floor_day import beeping_browser
from tests.doubles.lean import LEAN
from tests.doubles.school_network import standing_in
from tests.doubles.small_day import live_session

START_S = 60.0

KEEP_PEERS = """
window.peers = [];
const Made = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Made {
  constructor(...settings) {
    super(...settings);
    window.peers.push(this);
  }
};
"""
PATHS = """
async () => {
  const paths = [];
  for (const peer of window.peers.filter(({ connectionState }) => connectionState === "connected")) {
    const stats = await peer.getStats();
    stats.forEach(({ type, selectedCandidatePairId }) => {
      if (type !== "transport" || !selectedCandidatePairId) return;
      const local = stats.get(stats.get(selectedCandidatePairId).localCandidateId);
      paths.push([local.candidateType, local.relayProtocol || local.protocol].join(" "));
    });
  }
  return paths;
}
"""


class BlockedDay(msgspec.Struct):
    """The centre is outside; the school's agent and the browser of everybody are behind the firewall."""

    stage: Stage
    firewall: CabledSchool
    turn: Coturn
    browser: Browser
    session: str

    @property
    def school(self) -> School:
        return self.stage.schools[0]


async def paths(page: Page) -> list[str]:
    """By which ways the connections of a page stand that was given ``KEEP_PEERS``: ``relay tcp``."""
    found: list[str] = await page.evaluate(PATHS)
    return found


@asynccontextmanager
async def blocked_day(folder: Path) -> AsyncIterator[BlockedDay]:
    """One school in a live session; whoever enters stands behind the firewall until the end."""
    with cabled_school() as firewall:
        firewall.route_out()
        firewall.block_udp()
        async with (
            coturn(folder, firewall.province_ip) as turn,
            aiohttp.ClientSession() as http,
            Children(folder, {}) as children,
        ):
            centre, url = await start_centre(
                children,
                folder,
                0,
                {
                    **LEAN,
                    "DIEMCAU_SERVER__HOST": firewall.province_ip,
                    "DIEMCAU_MEDIA__BIND": firewall.province_ip,
                    "DIEMCAU_MEDIA__TURN_URLS": ";".join(turn.urls),
                    "DIEMCAU_MEDIA__TURN_SECRET": SECRET,
                },
            )
            stage = Stage(folder, url, centre, Operator(http, url), children)
            username, one_time = (folder / "centre" / "first-password.txt").read_text(encoding="utf-8").split()
            await stage.admin.sign_in(username, one_time)
            await stage.admin.change_password(one_time, "một mật khẩu dài")
            with standing_in(firewall.namespace):
                stage.schools = [await _school(stage, turn)]
                session: dict[str, Any] = await live_session(stage, "Dạy học kết hợp", stage.schools)
                secure = f"--unsafely-treat-insecure-origin-as-secure={url}"
                async with beeping_browser(folder, secure) as browser:
                    yield BlockedDay(stage, firewall, turn, browser, session["id"])


async def _school(stage: Stage, turn: Coturn) -> School:
    """The one school of the province, its agent started where this thread stands."""
    province = make_province(1, 0)
    await stage.admin.upload("/api/v1/sites/import?filename=tinh.xlsx", workbook(province))
    (site,) = await stage.admin.get("/api/v1/sites")
    code = (await stage.admin.post(f"/api/v1/sites/{site['id']}/pairing-code"))["code"]
    home, room, sound = (stage.folder / name for name in ("home", "room", "sound"))
    await asyncio.to_thread(write_room, room, 6, frames=1)
    sound.mkdir()
    (sound / "room.json").write_text("{}", encoding="utf-8")
    pair = ["site_agent.cli", "--home", str(home), "pair", "--server", stage.url, "--code", code, "--insecure"]
    await stage.children.run("pair", pair, START_S)
    agent = await stage.children.add(
        "agent",
        agent_command(home, room),
        DIEMCAU_SOUND__FOLDER=str(sound),
        SSL_CERT_FILE=str(turn.certificate),
    )

    def up() -> dict[str, Any] | None:
        agent.check()
        return logged(stage.folder / "agent.log", "agent_up")

    line = await until(up, "the agent's start", START_S)
    return School(province.sites[0], site["id"], 6, agent, home, line["screen"], line["desk"])
