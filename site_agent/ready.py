"""Builds what finds out whether this computer is ready: looks, their times, the rehearsal, the pages."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec
from aiohttp import web

from site_agent import VERSION
from site_agent.camera.counter import HeadCounter
from site_agent.camera.owner import CameraOwner
from site_agent.camera.room import Room
from site_agent.config import Config
from site_agent.exam.service import ExamSite
from site_agent.health.probes import Probes
from site_agent.lecture.port import BigScreen, Lecture
from site_agent.lecture.trial import SESSION as TRIAL_SESSION
from site_agent.lecture.trial import TrialLecture
from site_agent.link.clock import ClockDiscipline
from site_agent.link.identity import Identity
from site_agent.link.outbox import Outbox
from site_agent.lives import Life
from site_agent.local_server import pages_folder
from site_agent.platform import Platform, choose_computer
from site_agent.readiness.judging.show import HeldPaper
from site_agent.readiness.looking.computer import ComputerLooks
from site_agent.readiness.looking.disk import DiskLooks
from site_agent.readiness.looking.line import LineLooks
from site_agent.readiness.looking.room import RoomLooks
from site_agent.readiness.looking.show import ShowLooks
from site_agent.readiness.looking.sound import SoundLooks
from site_agent.readiness.memory import Memory
from site_agent.readiness.pace import Probe, Weight
from site_agent.readiness.pages import ReadinessPages
from site_agent.readiness.phone import PhoneDoor
from site_agent.readiness.rehearsal import Rehearsals
from site_agent.readiness.service import Readiness
from site_agent.sound.folder import FolderSound
from site_agent.sound.port import SoundSystem
from site_agent.sound.portaudio import PortAudio
from site_agent.state import NoticeView, SiteState
from wire.health import NO_CAMERA
from wire.ids import ExamState, ScreenState, new_id
from wire.messages import MeasureTurn, OrderSeen, RehearsalOff, RehearsalOrder, ScreenHealth, Up
from wire.readiness import CheckName

C = CheckName
MINUTE, HOUR = 60.0, 3600.0
MS = 1_000_000
SOON_NS = 15 * 60 * 10**9
"""Before the start of an exam nothing heavy or loud is begun."""
WARNING_S = 8.0
SITTING = frozenset({ExamState.SIGN_IN, ExamState.RELEASED, ExamState.OPEN})
WARN_VI = "Kiểm tra phòng: máy sắp phát một tiếng thử ngắn qua loa."
WARN_EN = "Room check: a short test sound is about to be played."


class Line(Protocol):
    """The line to the centre, `site_agent.link.uplink.Uplink`."""

    @property
    def connection(self) -> int: ...

    async def pass_by(self, message: Up) -> bool: ...

    @property
    def state(self) -> str: ...

    @property
    def refusal(self) -> str | None: ...

    def seen(self, order: OrderSeen) -> None: ...


class Parts(msgspec.Struct, frozen=True):
    """What the agent has built already, for the looks to look at. ``steady_s``: by which clock it is judged for how
    long a phone has been awaited."""

    config: Config
    home: Path
    identity: Identity
    here: Platform
    held_awake: bool
    clock: ClockDiscipline
    outbox: Outbox
    exams: ExamSite
    camera: CameraOwner
    counter: HeadCounter
    room: Callable[[], Room]
    state: SiteState
    probes: Probes
    screen: Callable[[], BigScreen]
    line: Callable[[], Line]
    desk_url: Callable[[], str]
    pages_url: Callable[[], str]
    steady_s: Callable[[], float] = time.monotonic


class Ready(msgspec.Struct, frozen=True):
    """Lives to keep going, routes of the computer's own pages and of the room's network, and what becomes of
    messages; ``unsent`` are the records that the centre has not committed."""

    readiness: Readiness
    rehearsals: Rehearsals
    phone: PhoneDoor
    lives: Mapping[str, Life]
    routes: list[web.AbstractRouteDef]
    desk_routes: list[web.AbstractRouteDef]
    reactions: Mapping[type[Any], Callable[[Any], Awaitable[None]]]
    unsent: Callable[[], int]


def ready(parts: Parts) -> Ready:
    """All of it, connected; nothing runs yet."""
    config, clock = parts.config, parts.clock
    memory = Memory(parts.home)
    trial = TrialLecture(lambda lecture: _show_trial(parts, lecture), lambda: parts.screen().health(), parts.pages_url)
    phone = PhoneDoor(
        memory,
        clock.now_ns,
        address=lambda: memory.now.address,
        url=parts.desk_url,
        pages=pages_folder(),
        arrived=lambda name: readiness.hurry(name),  # noqa: PLW0108 (it is made after this)
        mono_s=parts.steady_s,
    )
    line = LineLooks(
        parts.identity.server,
        parts.line,
        playing=lambda: _path(parts.screen().health()),
        busy=lambda: _busy(parts),
        measured=lambda: readiness.hurry(C.PATH, C.BANDWIDTH),
        lost=lambda: parts.screen().health().packets_lost,
    )
    readiness = Readiness(
        _probes(
            parts,
            memory,
            phone,
            line,
            trial,
            lambda name: readiness.said(name),  # noqa: PLW0108 (it is made by this)
            lambda: rehearsals.order is not None,
        ),
        now_ns=clock.now_ns,
        busy=lambda: _busy(parts),
        keep=parts.outbox.append,
        agent_version=VERSION,
        platform=sys.platform,
    )
    rehearsals = Rehearsals(
        readiness,
        memory,
        now_ns=clock.now_ns,
        interval_ns=clock.interval_ns,
        seen=lambda order: parts.line().seen(order),
        warn=lambda: _warn(parts.state, clock.now_ns),
    )
    identity = parts.identity
    pages = ReadinessPages(
        readiness,
        rehearsals,
        phone,
        site=(identity.site_code, identity.site_name, identity.server),
        hotline=config.agent.hotline,
        now_ns=clock.now_ns,
    )
    return Ready(
        readiness=readiness,
        rehearsals=rehearsals,
        phone=phone,
        lives={
            "rehearsal": rehearsals.run,
            **({"readiness": readiness.run, "line_measure": line.run} if config.readiness.looks else {}),
        },
        routes=[*pages.routes(), *trial.routes()],
        desk_routes=phone.routes(),
        reactions={RehearsalOrder: rehearsals.on_order, RehearsalOff: rehearsals.on_off, MeasureTurn: line.on_turn},
        unsent=lambda: parts.outbox.depth,
    )


def sound_of(config: Config) -> SoundSystem:
    """The computer's own sound, or a room of files."""
    return FolderSound(Path(config.sound.folder)) if config.sound.folder else PortAudio()


def _probes(
    parts: Parts,
    memory: Memory,
    phone: PhoneDoor,
    line: LineLooks,
    trial: TrialLecture,
    said: Callable[[CheckName], Any],
    rehearsing: Callable[[], bool],
) -> list[Probe]:
    config, clock, exams = parts.config, parts.clock, parts.exams
    computer = choose_computer(sys.platform)
    shows = ShowLooks(
        memory,
        clock.now_ns,
        said,
        screen=lambda: parts.screen().health(),
        page_alive=lambda: parts.screen().page_alive,
        browser=lambda: config.screen.headless or bool(parts.here.browsers()),
        trial=trial.hold,
        papers=lambda: _papers(exams),
        opened=lambda: _opened(exams),
        clock=clock.health,
        line=lambda: (parts.line().state, parts.line().refusal),
        site=f"{parts.identity.site_code} {parts.identity.site_name}",
    )
    machine = ComputerLooks(
        computer,
        memory,
        clock.now_ns,
        agent_version=VERSION,
        browsers=parts.here.browsers,
        browser_needed=not config.screen.headless,
        held_awake=parts.held_awake,
    )
    if not config.readiness.looks:
        return []
    wanted = config.camera.source != NO_CAMERA
    room = RoomLooks(parts.camera, parts.counter, parts.room, clock.now_ns, said=said, wanted=wanted)
    disk = DiskLooks(parts.home, parts.probes, computer.disk_spins)
    sound = SoundLooks(sound_of(config), said, lambda: rehearsing() and not _busy(parts))
    return [
        Probe((C.PAIRED,), shows.paired, 2.0, mend_s=2.0),
        Probe((C.PATH, C.BANDWIDTH), line.look, 10.0, mend_s=2.0, asked=line.asked, apart=True),
        Probe((C.CLOCK,), shows.clock, 5.0, mend_s=2.0),
        Probe((C.ADDRESS,), machine.address, 5 * MINUTE),
        Probe((C.PHONE,), phone.look, 5.0, mend_s=2.0),
        Probe((C.CAMERA,), room.camera, 30.0, mend_s=5.0),
        Probe((C.SCREEN,), shows.screen, 5.0, mend_s=2.0, asked=shows.screen_asked),
        Probe((C.PAPER,), shows.paper, 5.0),
        Probe((C.DISK,), disk.room, MINUTE, mend_s=5.0),
        Probe((C.POWER,), machine.power, 2 * MINUTE),
        Probe((C.RESTART,), machine.restart, 30 * MINUTE, mend_s=5 * MINUTE),
        Probe((C.VERSIONS,), machine.versions, 6 * HOUR, mend_s=5 * MINUTE),
        Probe((C.SPEAKER, C.MICROPHONE), sound.look, 30 * MINUTE, Weight.HEAVY, mend_s=20.0, aloud=sound.aloud),
        Probe((C.COUNTING, C.ROOM_IN_VIEW), room.count, 15 * MINUTE, Weight.HEAVY, mend_s=MINUTE),
        Probe((C.FLUSH,), disk.flush, 6 * HOUR, Weight.HEAVY, mend_s=30 * MINUTE),
    ]


def _busy(parts: Parts) -> bool:
    """A lecture is on the screen, or an exam sits or soon will."""
    shown = parts.state.view.lecture
    if shown is not None and shown.session != TRIAL_SESSION:
        return True
    now_ns = parts.clock.now_ns()
    for hall in parts.exams.halls.values():
        state = hall.progress().state
        soon = 0 <= hall.held.manifest.t0_ns - now_ns <= SOON_NS and state is not ExamState.CANCELLED
        if soon or state in SITTING:
            return True
    return False


def _show_trial(parts: Parts, lecture: Lecture | None) -> None:
    """Put the trial on the screen, or take it off; a lecture of the centre that came meanwhile stays."""
    shown = parts.state.view.lecture
    if shown is None or shown.session == TRIAL_SESSION:
        parts.state.put(lecture=lecture)
        parts.screen().show(lecture)


def _papers(exams: ExamSite) -> list[HeldPaper]:
    return [
        HeldPaper(exams.halls[each.exam].held.manifest.title, each.state, damaged=each.damaged > 0)
        for each in exams.progress()
        if each.exam in exams.halls
    ]


def _path(health: ScreenHealth) -> str:
    """By which way the pictures of a lecture come, empty when none do; a page of before told no class: over UDP."""
    return health.path or "udp" if health.state is ScreenState.PLAYING else ""


def _opened(exams: ExamSite) -> str:
    """Title of an exam whose paper was opened here."""
    titles = [hall.held.manifest.title for hall in exams.halls.values() if hall.opening is not None]
    return titles[-1] if titles else ""


async def _warn(state: SiteState, now_ns: Callable[[], int]) -> None:
    """Tell the room on the big screen that there will be a sound, and leave it time to read."""
    until_ms = now_ns() // MS + round(WARNING_S * 1000) + 5000
    notice = NoticeView(new_id("notice"), WARN_VI, WARN_EN, until_ms)
    state.put(notices=(*state.view.notices, notice)[-5:])
    await asyncio.sleep(WARNING_S)
