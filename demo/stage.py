"""The stage of the demo: a centre, a province, agents with drawn rooms, a lecturer. Everything a process of its own."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import aiohttp
import msgspec

from demo.children import Child, Children
from demo.lecture import lecture_file
from demo.operator import Operator
from demo.province import DemoSite, Province, make_province, workbook
from demo.room import write_room

START_S = 40.0
LOOK_S = 0.2
FRAMES = 4
HANDS = 3
"""Schools set up at once: more would only wait for the same processors."""

Say = Callable[[str], None]


class StageBroken(Exception):
    """Something did not come up in time."""


class School(msgspec.Struct):
    """One site of the demo: who it is, how many people its drawn room holds, where its pages are."""

    site: DemoSite
    id: str
    people: int
    agent: Child
    home: Path
    screen_url: str = ""
    desk_url: str = ""


class Stage:
    """Everything that runs. Made by :func:`raise_stage`."""

    def __init__(self, folder: Path, url: str, centre: Child, admin: Operator, children: Children) -> None:
        self.folder = folder
        self.url = url
        self.centre = centre
        self.admin = admin
        self.children = children
        self.schools: list[School] = []
        self.accounts: dict[str, str] = {}
        self.province: Province = make_province(0, 0)


async def until(look: Callable[[], Any], what: str, limit_s: float = START_S) -> Any:
    """Wait until ``look()`` gives something that is true; raises :class:`StageBroken` naming ``what``."""
    async with asyncio.timeout(limit_s) as limit:
        try:
            while True:
                if found := look():
                    return found
                await asyncio.sleep(LOOK_S)
        except asyncio.CancelledError:
            if limit.expired():
                raise StageBroken(f"{what} did not happen within {limit_s:.0f} s") from None
            raise


def logged(log: Path, event: str) -> dict[str, Any] | None:
    """The first line of a JSON log with this event."""
    if not log.exists():
        return None
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if f'"{event}"' in line:
            found: dict[str, Any] = json.loads(line)
            return found
    return None


async def start_centre(
    children: Children, folder: Path, port: int, configured: Mapping[str, str], config: Path | None = None
) -> tuple[Child, str]:
    """The centre in ``folder``, embedded defaults but for what ``config`` (a file) and ``configured`` say; returns it
    with its address."""
    centre = await children.add(
        "centre",
        ["orchestrator.cli", "serve", *(["--config", str(config)] if config else [])],
        DIEMCAU_SERVER__PORT=str(port),
        DIEMCAU_STORAGE__FOLDER=str(folder / "centre"),
        DIEMCAU_MEDIA__UDP_PORT="0",
        **configured,
    )
    log = folder / "centre.log"

    def up() -> str | None:
        centre.check()
        line = logged(log, "centre_up")
        return str(line["url"]) if line else None

    return centre, await until(up, "the centre's start")


def _any_port() -> int:
    """Whatever the system chooses when the socket is bound."""
    return 0


async def raise_stage(
    children: Children,
    http: aiohttp.ClientSession,
    folder: Path,
    *,
    sites: int,
    candidates: int,
    port: int,
    say: Say,
    agent_port: Callable[[], int] = _any_port,
    configured: Mapping[str, str] = MappingProxyType({}),
    desk_bind: str = "127.0.0.1",
    agents: Mapping[str, str] = MappingProxyType({}),
    config: Path | None = None,
) -> Stage:
    """Bring up the centre, import the province, pair and start an agent for every site.

    ``agent_port`` gives the ports of the agents' pages: fixed ones stay the same when an agent is started again;
    ``desk_bind`` the address where candidates find the desks; ``agents`` is what is set in the agents' environment.
    """
    say("Khởi động trung tâm…")
    centre, url = await start_centre(children, folder, port, configured, config)
    admin = Operator(http, url)
    stage = Stage(folder, url, centre, admin, children)
    username, one_time = (folder / "centre" / "first-password.txt").read_text(encoding="utf-8").split()
    await admin.sign_in(username, one_time)
    password = secrets.token_urlsafe(9)
    await admin.change_password(one_time, password)
    stage.accounts["admin"] = password
    stage.province = _province(sites, candidates)
    say(f"Nhập {sites} điểm cầu, {len(stage.province.participants)} học viên…")
    await admin.upload("/api/v1/sites/import?filename=tinh.xlsx", workbook(stage.province))
    known = {each["code"]: each["id"] for each in await admin.get("/api/v1/sites")}
    say("Vẽ phòng học, ghép nối và khởi động máy của từng điểm cầu…")
    hands = asyncio.Semaphore(HANDS)

    async def open_one(index: int, site: DemoSite) -> School:
        async with hands:
            ports = agent_port(), agent_port()
            return await _open_school(
                stage, site, known[site.code], max(0, site.expected - index % 3), ports, desk_bind, agents
            )

    opening = (open_one(index, site) for index, site in enumerate(stage.province.sites))
    stage.schools = list(await asyncio.gather(*opening))
    await asyncio.gather(*(_wait_for(school, folder) for school in stage.schools))
    return stage


def _province(sites: int, candidates: int) -> Province:
    """Rooms of 16 to 36 people, of whom ``candidates`` over all sites sit the exam."""
    made = make_province(sites, candidates)
    rooms = [
        msgspec.structs.replace(site, expected=max(16 + index * 7 % 21, site.expected))
        for index, site in enumerate(made.sites)
    ]
    return Province(rooms, made.participants)


async def _open_school(
    stage: Stage,
    site: DemoSite,
    identity: str,
    people: int,
    ports: tuple[int, int],
    desk_bind: str,
    agents: Mapping[str, str],
) -> School:
    home, room = stage.folder / site.code, stage.folder / f"room-{people}"
    if not room.exists():
        await asyncio.to_thread(write_room, room, people, frames=FRAMES, seed=people + 1)
    code = (await stage.admin.post(f"/api/v1/sites/{identity}/pairing-code"))["code"]
    pair = ["site_agent.cli", "--home", str(home), "pair", "--server", stage.url, "--code", code]
    await stage.children.run(f"pair-{site.code}", pair, START_S)
    heard = {"DIEMCAU_SOUND__FOLDER": str(_sound(stage.folder / f"sound-{site.code}"))}
    command = agent_command(home, room, ports, desk_bind)
    agent = await stage.children.add(f"agent-{site.code}", command, **{**heard, **agents})
    return School(site, identity, people, agent, home)


def _sound(folder: Path) -> Path:
    """A loudspeaker that the microphone hears, as files: the room is drawn, so its sound is made up too."""
    folder.mkdir(exist_ok=True)
    (folder / "room.json").write_text("{}", encoding="utf-8")
    return folder


def agent_command(home: Path, room: Path, ports: tuple[int, int] = (0, 0), desk_bind: str = "127.0.0.1") -> list[str]:
    """An agent without a screen, its camera being a folder of drawn pictures; ``ports`` of its pages and its desk."""
    screen_port, desk_port = ports
    return [
        "site_agent.cli", "--home", str(home), "run", "--headless", "--camera", str(room),
        "--screen-port", str(screen_port), "--desk-bind", desk_bind, "--desk-port", str(desk_port),
    ]  # fmt: skip


async def _wait_for(school: School, folder: Path) -> None:
    def up() -> dict[str, Any] | None:
        school.agent.check()
        return logged(folder / f"agent-{school.site.code}.log", "agent_up")

    line = await until(up, f"the agent of {school.site.code}")
    school.screen_url, school.desk_url = line["screen"], line["desk"]


async def start_publisher(stage: Stage, cache: Path, ticket: dict[str, str]) -> Child:
    """The generated lecture through WHIP, from a process of its own."""
    file = await asyncio.to_thread(lecture_file, cache)
    arguments = ["demo.publisher", "--url", ticket["whip_url"], "--file", str(file)]
    # Arguments can be read by every user of the computer, an environment cannot.
    return await stage.children.add("publisher", arguments, DIEMCAU_PUBLISH_TOKEN=ticket["token"])
