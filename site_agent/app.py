"""The composition root of the agent: up in order, down in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import platform as computer
import signal
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from site_agent import VERSION
from site_agent.camera.counter import HeadCounter
from site_agent.camera.owner import CameraOwner
from site_agent.camera.sources import parse_source
from site_agent.config import Clock, Config
from site_agent.desk_address import desk_names, lan_address
from site_agent.exam.clocks import SiteClocks
from site_agent.exam.desk import ExamDesk
from site_agent.exam.download import PaperDownload, fetch_small
from site_agent.exam.entrance import Entrance
from site_agent.exam.feed import Feed
from site_agent.exam.freeze import hold_clock
from site_agent.exam.invigilation.pages import InvigilationPages
from site_agent.exam.invigilation.pin import InvigilatorPin
from site_agent.exam.invigilation.pin_door import PinDoor
from site_agent.exam.invigilation.service import Invigilation
from site_agent.exam.journal import Journal, JournalRefused
from site_agent.exam.polling import ReleasePoll
from site_agent.exam.service import ExamSite
from site_agent.exam.vault import Vault
from site_agent.floor_work import floor_work
from site_agent.health.keeper import keep_health
from site_agent.health.probes import Probes
from site_agent.lecture.trial import without_trial
from site_agent.link import identity as identities
from site_agent.link.clock import ClockDiscipline
from site_agent.link.identity import Identity, NotPaired
from site_agent.link.othercentres import follow_others
from site_agent.link.outbox import Outbox, OutboxRefused
from site_agent.link.uplink import BACKOFF_IN_NEED_S, BACKOFF_TO_S, LineState, Uplink, backoff_s
from site_agent.lives import Life, keep_alive
from site_agent.local_server import pages_folder
from site_agent.platform import Platform, choose
from site_agent.platform.port import Work
from site_agent.ready import Parts, Ready, ready
from site_agent.room_work import room_work
from site_agent.screen_language import ScreenLanguage
from site_agent.screen_work import screen_work, without_screen
from site_agent.slides.cache import SlideCache
from site_agent.slides.service import SiteSlides
from site_agent.standing_orders import standing_orders
from site_agent.state import Contact, SiteName, SiteState, SiteView
from site_agent.unpaired import until_paired
from site_agent.views import ScreenOrders, keep_current
from site_agent.way_home import way_home
from wire.ladder import LADDER
from wire.messages import (
    ExamCancelled,
    ExamGrants,
    ExamPlan,
    ExamRelease,
    ExamSwitch,
    Heartbeat,
    InvigilatorPinReset,
    LectureOff,
    LectureOn,
    Notice,
    RecordingNow,
    SlideDeck,
    SlideNow,
)
from wire.readiness import CheckName
from wire.recordings import RECORDING
from wire.rescue import RESCUE_PATH
from wire.slides import SLIDES

log = structlog.get_logger()

MS = 1_000_000


class CannotRun(Exception):
    """The agent cannot start here; the message tells a person why."""


def run(config: Config, home: Path) -> bool:
    """Run the agent until SIGINT, SIGTERM or an order to restart, paired first if need be; whether it is to start
    again. Raises :class:`CannotRun`."""
    try:
        return asyncio.run(_run_until_signal(config, home))
    except (OSError, OutboxRefused, JournalRefused) as error:
        raise CannotRun(str(error)) from error


async def _run_until_signal(config: Config, home: Path) -> bool:
    stop, again = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows has no signal handlers in its event loop
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    identity = await _identity(config, home, stop)
    if identity is not None:
        await run_agent(config, home, identity, stop, again=again)
    return again.is_set()


async def _identity(config: Config, home: Path, stop: asyncio.Event) -> Identity | None:
    """Who this computer is; one that is nobody yet asks on its own page. None when told to stop meanwhile."""
    try:
        return identities.load(home)
    except NotPaired:
        return await until_paired(config, home, choose(sys.platform), stop)


async def run_agent(
    config: Config,
    home: Path,
    identity: Identity,
    stop: asyncio.Event,
    counter: HeadCounter | None = None,
    *,
    again: asyncio.Event | None = None,
    visit: Callable[[Ready], Awaitable[None]] | None = None,
    steady_s: Callable[[], float] = time.monotonic,
) -> None:
    """One agent until ``stop`` is set, by an order too: then ``again`` is set. Raises what keeps it from starting: a
    taken port, folder or journal.

    ``counter`` counts in place of the camera's own, so that many agents fit in one process; ``visit``: what is done
    with the running agent, which then has no screen, in place of waiting for ``stop``; ``steady_s``: by which clock it
    is judged for how long a phone has been awaited.
    """
    async with AsyncExitStack() as stack:
        here = choose(sys.platform)
        here.prioritise(Work.AGENT)
        held_awake = here.keep_awake(on=True)
        stack.callback(lambda: here.keep_awake(on=False))
        clock = ClockDiscipline(here.clock_ns, partial(_wall_ns, config.clock))
        outbox = await Outbox.open(home / "outbox.sqlite3")
        stack.push_async_callback(outbox.close)
        exams = await _exams(home, identity, clock, stack)
        camera = await stack.enter_async_context(CameraOwner(parse_source(config.camera.source)))
        state = SiteState(
            SiteView(
                site=SiteName(identity.site, identity.site_code, identity.site_name),
                contact=Contact(config.agent.hotline),
            )
        )

        def desk_url() -> str:
            # Asked anew each time: a computer often has its address only after the agent is up.
            return config.desk.url or f"http://{lan_address(config.desk.bind)}:{desk.port}/"

        # Proxies stand only before a central desk, where a candidate's own outage counts.
        invigilation = Invigilation(exams, central=bool(config.desk.trusted_proxies))
        await invigilation.start()
        pins = PinDoor(InvigilatorPin(home))
        invigilators = InvigilationPages(
            invigilation,
            pins,
            pages_folder(),
            address=desk_url,
            link=lambda: state.view.link,
        )

        ordered = await standing_orders(
            home,
            state,
            clock,
            outbox,
            exams,
            screen=lambda: screen,
            line=lambda: uplink,
            restart=partial(_restart, stop, again),
            stack=stack,
        )
        way = way_home(config, home, identity, exams, interval_ns=clock.interval_ns, line=lambda: uplink)
        room = await room_work(
            home,
            identity,
            camera,
            clock,
            outbox,
            state,
            pins,
            stack,
            calm=lambda: _calm(here),
            line=lambda: uplink,
            drawn=lambda: getting_ready.readiness.hurry(CheckName.CAMERA, CheckName.ROOM_IN_VIEW),
            counter=counter,
            person_model=config.camera.people,
        )
        floor = floor_work(
            identity,
            camera,
            room.door,
            room.speaker_door,
            clock,
            outbox,
            state,
            line=lambda: uplink,
            voice=lambda: local.voice,
            beat=lambda: uplink.pass_by(heartbeat()),
        )
        probes = Probes(home, here)
        getting_ready = ready(
            Parts(
                config=config,
                home=home,
                identity=identity,
                here=here,
                held_awake=held_awake,
                clock=clock,
                outbox=outbox,
                exams=exams,
                camera=camera,
                counter=room.counter,
                room=room.seats,
                state=state,
                probes=probes,
                screen=lambda: screen,
                line=lambda: uplink,
                desk_url=desk_url,
                pages_url=lambda: local.url,
                steady_s=steady_s,
            )
        )
        slides = SiteSlides(SlideCache(home / "slides"), state, identity.server)
        routes = [
            *invigilators.routes(here=True),
            *way.routes,
            *room.routes,
            *ordered.routes,
            *floor.routes,
            *getting_ready.routes,
            *slides.routes(),
            *ScreenLanguage(home, state, config.screen.language).routes(),
        ]
        screen, local = await screen_work(
            config if visit is None else without_screen(config),
            home,
            identity,
            state,
            clock,
            room,
            here,
            stack,
            routes,
        )
        desk = ExamDesk(
            exams,
            pages_folder(),
            entrance=Entrance(desk_names(config.desk.url), config.desk.url, config.desk.trusted_proxies),
            routes=[*invigilators.routes(here=False), *getting_ready.desk_routes],
            most=config.desk.pages,
        )
        await desk.start(config.desk.bind, config.desk.port)
        stack.push_async_callback(desk.stop)

        def heartbeat() -> Heartbeat:
            health = probes.read()
            return Heartbeat(
                at_ns=max(0, clock.now_ns()),
                agent_version=VERSION,
                load=health.load,
                disk_free_mb=health.disk_free_mb,
                outbox_depth=outbox.depth,
                camera=camera.health,
                screen=without_trial(screen.health()),
                clock=clock.health(),
                exams=exams.progress(),
                sqlite_version=sqlite3.sqlite_version,
                second_copy=way.second.state.value,
                takes=[*ordered.takes, *floor.takes, SLIDES, RECORDING, LADDER],
                slides=slides.health(),
                voice=local.voice,
                asked=room.asked(),
            )

        uplink = Uplink(
            identity,
            outbox,
            clock,
            heartbeat,
            agent_version=VERSION,
            platform=computer.platform()[:300],
            mono_ns=here.clock_ns,
            backoff=lambda attempt: backoff_s(
                attempt, at_most_s=BACKOFF_IN_NEED_S if exams.in_need() else BACKOFF_TO_S
            ),
        )
        exams.on_end(uplink.hold)
        orders = ScreenOrders(state, screen, uplink.seen)
        reactions: dict[type[Any], Callable[[Any], Awaitable[None]]] = {
            LectureOn: orders.on_lecture,
            LectureOff: orders.on_lecture_off,
            Notice: orders.on_notice,
            SlideDeck: slides.on_deck,
            SlideNow: slides.on_now,
            RecordingNow: orders.on_recording,
            ExamPlan: exams.on_plan,
            ExamRelease: exams.on_release,
            ExamSwitch: exams.on_switch,
            ExamCancelled: exams.on_cancelled,
            ExamGrants: invigilation.on_grants,
            InvigilatorPinReset: pins.pin.on_reset,
            **way.reactions,
            **room.reactions,
            **ordered.reactions,
            **floor.reactions,
            **getting_ready.reactions,
        }
        for kind, reaction in reactions.items():
            uplink.on(kind, reaction)

        tasks = await stack.enter_async_context(asyncio.TaskGroup())

        lives: dict[str, Life] = {
            "uplink": uplink.run,
            "clock": partial(clock.run, uplink),
            "other_centres": partial(follow_others, config.clock.others, clock, here.clock_ns),
            "exams": exams.run,
            "release_poll": ReleasePoll(exams, identity.server, fetch_small, lambda: uplink.state is LineState.UP).run,
            "invigilation": invigilation.run,
            "feed": Feed(exams.journal, outbox, way.confirmed).run,
            "slides": slides.run,
            **way.lives,
            **room.lives,
            "health": partial(
                keep_health, home / "health.sqlite3", clock, here.clock_ns, heartbeat, uplink, outbox.append
            ),
            **getting_ready.lives,
            **ordered.lives,
            **floor.lives,
            "freeze": partial(hold_clock, clock, exams.halls),
            "pages": partial(keep_current, state, clock, exams, lambda: uplink.state.value, desk_url),
        }
        running = tasks.create_task(keep_alive(lives))
        stack.callback(running.cancel)
        await screen.start()
        stack.push_async_callback(screen.stop)
        log.info("agent_up", site=identity.site_code, screen=f"{local.url}/screen", desk=desk_url())
        await (stop.wait() if visit is None else visit(getting_ready))


def _restart(stop: asyncio.Event, again: asyncio.Event | None) -> None:
    if again is not None:
        again.set()
    stop.set()


async def _exams(home: Path, identity: Identity, clock: ClockDiscipline, stack: AsyncExitStack) -> ExamSite:
    exams = ExamSite(
        name=f"{identity.site_code} {identity.site_name}",
        vault=Vault(home / "vault.sqlite3", identity.site_secret, identity.exam_key),
        journal=Journal(home / "journal.sqlite3"),
        source=PaperDownload(identity.server, home / "papers"),
        clocks=SiteClocks(clock),
        rescue_to=identity.centre_box,
        rescue_at=identity.server.rstrip("/") + RESCUE_PATH,
    )
    await exams.start()
    stack.push_async_callback(exams.stop)
    return exams


def _calm(here: Platform) -> None:
    here.prioritise(Work.COUNTING)


def _wall_ns(configured: Clock) -> int:
    """This computer's clock, or what it is made to say so that a wrong one can be rehearsed."""
    shift_s = 0.0
    if configured.shift_file:
        with contextlib.suppress(OSError, ValueError):
            shift_s = float(Path(configured.shift_file).read_text(encoding="ascii").strip() or 0)
    return time.time_ns() + round(shift_s * 1e9)
