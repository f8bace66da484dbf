"""``diemcau-site check``: the same looks as the agent's own, printed as a table and sent to the centre.

Where the agent runs already it is asked; where it does not, it is started for as long as the check takes, without its
screen; a computer that is not paired looks at what it can look at alone.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

import aiohttp
import msgspec

from site_agent import VERSION
from site_agent.app import CannotRun, run_agent
from site_agent.camera.counter import RoomCounter
from site_agent.camera.eyes import LookingThread
from site_agent.camera.keeper import RoomKeeper
from site_agent.camera.owner import CameraOwner
from site_agent.camera.person import load_heads
from site_agent.camera.sources import parse_source
from site_agent.config import Config
from site_agent.exam.journal import JournalRefused
from site_agent.health.probes import Probes
from site_agent.link import identity as identities
from site_agent.link.clock import ClockDiscipline
from site_agent.link.identity import Identity, NotPaired
from site_agent.link.outbox import OutboxRefused
from site_agent.platform import choose, choose_computer
from site_agent.readiness.judging.line import judge_paired
from site_agent.readiness.looking.computer import ComputerLooks
from site_agent.readiness.looking.disk import DiskLooks
from site_agent.readiness.looking.room import RoomLooks
from site_agent.readiness.looking.sound import SoundLooks
from site_agent.readiness.memory import Memory
from site_agent.readiness.pages import LookWish, ReadinessView
from site_agent.readiness.words import advice_of, found_of, name_of
from site_agent.ready import Ready, sound_of
from wire.health import NO_CAMERA
from wire.readiness import Check, CheckName, CheckState
from wire.unreadable import UNREADABLE

MARKS = {CheckState.GOOD: "✓", CheckState.WEAK: "!", CheckState.BAD: "✗", CheckState.WAITING: "·"}
LINE_WITHIN_S, SENT_WITHIN_S, LOOK_WITHIN_S = 15.0, 15.0, 240.0
LOOK_S = 0.2
LOUD = "Sắp phát một tiếng thử ngắn qua loa. / A short test sound is about to be played."

Say = Callable[[str], None]


def check(config: Config, home: Path, say: Say, *, run_port: int | None = None) -> bool:
    """Look at everything and print it with ``say``; whether nothing is bad. Raises `CannotRun`.

    ``run_port``: of the pages of `run` by this configuration, where the check was given another one.
    """
    checks, sent = asyncio.run(_found(config, home, say, run_port))
    for line in table(checks):
        say(line)
    if sent is not None:
        say(
            "Đã gửi cho trung tâm. / Sent to the centre."
            if sent
            else "Chưa gửi được: máy sẽ tự gửi sau. / Not sent yet: it goes by itself later."
        )
    return not any(each.state is CheckState.BAD for each in checks)


def table(checks: Sequence[Check]) -> list[str]:
    """A line a check, and what to do under it where something is to be done."""
    names = [" / ".join(name_of(each)) for each in checks]
    width = max((len(name) for name in names), default=0)
    lines = []
    for each, name in zip(checks, names, strict=True):
        said = " / ".join(dict.fromkeys(found_of(each))) if each.reason else ""
        measured = ", ".join(f"{key} {value:g}" for key, value in each.figures.items())
        told = " · ".join(part for part in (said, measured, each.note) if part)
        lines.append(f"{MARKS[each.state]} {name:<{width}}  {told}".rstrip())
        if each.state in {CheckState.WEAK, CheckState.BAD}:
            lines += [f"    → {sentence}" for sentence in advice_of(each)]
    return lines


async def _found(config: Config, home: Path, say: Say, run_port: int | None) -> tuple[list[Check], bool | None]:
    """The checks, and whether they are at the centre (None: it is not asked)."""
    running = await _of_running_agent(config, say)
    if running is not None:
        return running, any(each.name is CheckName.PAIRED and each.state is CheckState.GOOD for each in running)
    if run_port not in (None, config.screen.port):
        say(of_two_ports(config.screen.port, run_port))
    try:
        identity = identities.load(home)
    except NotPaired:
        say(LOUD)
        return await _alone(config, home), None
    try:
        return await _of_own_agent(config, home, identity, say)
    except OutboxRefused as fault:
        raise CannotRun(not_at(config.screen.port) if fault.code == "taken" else str(fault)) from fault
    except (OSError, JournalRefused) as fault:
        raise CannotRun(str(fault)) from fault


def of_two_ports(port: int, run_port: int | None) -> str:
    """Why nothing that runs was asked: the check looked at another port than `run` takes."""
    return (
        f"Cổng {port} chỉ dùng cho lần kiểm tra này; lệnh run dùng cổng {run_port}. Muốn dùng cổng {port}, hãy ghi "
        f"screen.port = {port} trong cấu hình hoặc chạy: diemcau-site run --screen-port {port}\n"
        f"Port {port} is of this check alone; run takes {run_port}. To use {port}, write screen.port = {port} in the "
        f"configuration or start: diemcau-site run --screen-port {port}"
    )


def not_at(port: int) -> str:
    """What to do when an agent runs whose pages are elsewhere."""
    return (
        f"Chương trình đang chạy trên máy này nhưng không trả lời ở cổng {port}: hãy thêm --screen-port với cổng của "
        "lệnh run, hoặc ghi cổng đó vào screen.port trong cấu hình. / "
        f"The agent runs on this computer but does not answer on port {port}: give --screen-port the port of run, or "
        "write it as screen.port in the configuration."
    )


async def _of_running_agent(config: Config, say: Say) -> list[Check] | None:
    base = f"http://127.0.0.1:{config.screen.port}/local/readiness"
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(LOOK_WITHIN_S, sock_connect=1)) as http:
            async with http.get(base) as reply:
                now = msgspec.json.decode(await reply.read(), type=ReadinessView)
            if not now.paired:
                return None
            if not now.busy:
                say(LOUD)
            wish = msgspec.json.encode(LookWish(loud=not now.busy))
            origin = {"Origin": f"http://127.0.0.1:{config.screen.port}", "Content-Type": "application/json"}
            async with http.post(f"{base}/look", data=wish, headers=origin) as reply:
                return msgspec.json.decode(await reply.read(), type=ReadinessView).checks
    except (aiohttp.ClientError, TimeoutError, OSError, *UNREADABLE):
        return None


async def _of_own_agent(config: Config, home: Path, identity: Identity, say: Say) -> tuple[list[Check], bool]:
    found: list[Check] = []
    sent = False

    async def visit(ready: Ready) -> None:
        nonlocal sent
        readiness = ready.readiness

        async def good(name: CheckName) -> bool:
            await readiness.look([name])
            said = readiness.said(name)
            return said is not None and said.state is CheckState.GOOD

        await _until(lambda: good(CheckName.PAIRED), LINE_WITHIN_S)
        await _until(lambda: good(CheckName.CLOCK), LINE_WITHIN_S)
        say(LOUD)
        await readiness.look(loud=True)
        found.extend(readiness.checks)
        await readiness.certify()

        async def delivered() -> bool:
            return ready.unsent() == 0

        sent = await _until(delivered, SENT_WITHIN_S)

    await run_agent(config, home, identity, asyncio.Event(), visit=visit)
    return found, sent


async def _until(holds: Callable[[], Awaitable[bool]], limit_s: float) -> bool:
    """Wait until it holds, at most so long; whether it does."""
    until_s = time.monotonic() + limit_s
    while not await holds():
        if time.monotonic() > until_s:
            return False
        await asyncio.sleep(LOOK_S)
    return True


async def _alone(config: Config, home: Path) -> list[Check]:
    """What a computer can see of itself before it is paired."""
    here, computer, memory = choose(sys.platform), choose_computer(sys.platform), Memory(home)
    clock = ClockDiscipline(here.clock_ns)
    disk = DiskLooks(
        next(each for each in (home, *home.parents) if each.exists()), Probes(home, here), computer.disk_spins
    )
    machine = ComputerLooks(
        computer,
        memory,
        clock.now_ns,
        agent_version=VERSION,
        browsers=here.browsers,
        browser_needed=not config.screen.headless,
        held_awake=False,
    )
    sound = SoundLooks(sound_of(config), lambda _name: None, lambda: False)
    async with (
        CameraOwner(parse_source(config.camera.source)) as camera,
        LookingThread(load=partial(load_heads, config.camera.people)) as looking,
    ):
        wanted = config.camera.source != NO_CAMERA
        room = RoomLooks(
            camera, RoomCounter(camera, clock, looking), RoomKeeper(home).room, clock.now_ns, wanted=wanted
        )
        looks = (
            room.camera, room.count, sound.aloud, disk.room, disk.flush,
            machine.address, machine.power, machine.restart, machine.versions,
        )  # fmt: skip
        found = {CheckName.PAIRED: judge_paired(paired=False, line="never", refusal=None)}
        for look in looks:
            # Where two looks say something of one check, the later saw more.
            found |= {each.name: each for each in await look()}
    return [found[name] for name in CheckName if name in found]
