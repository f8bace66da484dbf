"""Builds what watches over the room itself: its rule, its seats, counts, thumbnails, questions, and the desk's part."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import msgspec
from aiohttp import web

from site_agent.camera.counter import HeadCounter, RoomCounter
from site_agent.camera.door import PictureDoor, RuledDoor
from site_agent.camera.evidence import EvidenceChain
from site_agent.camera.eyes import LookingThread
from site_agent.camera.keeper import RoomKeeper
from site_agent.camera.owner import CameraOwner
from site_agent.camera.person import load_heads, settings_of
from site_agent.camera.room import Room
from site_agent.camera.rule import RoomRule
from site_agent.camera.still import StillPlaces
from site_agent.camera.thumbnails import Thumbnails
from site_agent.declaring import DeclaredNumber, Declaring
from site_agent.exam.invigilation.pin_door import PinDoor
from site_agent.link.clock import CentreTime
from site_agent.link.identity import Identity
from site_agent.link.outbox import Outbox
from site_agent.lives import Life
from site_agent.questions import Questions
from site_agent.roll_ledger import RollLedger
from site_agent.rollcall import RollCalls
from site_agent.room_pages import RoomPages
from site_agent.room_trial import Trials
from site_agent.state import DeclaredView, RulesView, SiteState
from wire.ids import ClockState, RollCallId
from wire.messages import CountQuestion, CountQuestionWithdrawn, RollCallOrder, RoomRules, ThumbnailOrder, Up

MS = 1_000_000
STILL_FILE = "room/still.json"


class Line(Protocol):
    """The line to the centre, `site_agent.link.uplink.Uplink`."""

    async def pass_by(self, message: Up) -> bool: ...


class RoomWork(msgspec.Struct, frozen=True):
    """Lives to keep going, routes of the computer's own pages, what becomes of messages; ``door`` is for whoever else
    has a picture to send, ``speaker_door`` while the room speaks because it asked to, ``declare`` keeps a number that a
    person gave, ``counter`` counts, ``seats`` is the room as it was drawn, ``asked`` names the roll calls that the
    centre asks about."""

    lives: Mapping[str, Life]
    routes: list[web.AbstractRouteDef]
    reactions: Mapping[type[Any], Callable[[Any], Awaitable[None]]]
    door: PictureDoor
    speaker_door: PictureDoor
    declare: Callable[[DeclaredNumber], Awaitable[DeclaredView]]
    counter: HeadCounter
    seats: Callable[[], Room]
    asked: Callable[[], list[RollCallId]]


async def room_work(
    home: Path,
    identity: Identity,
    camera: CameraOwner,
    clock: CentreTime,
    outbox: Outbox,
    state: SiteState,
    pins: PinDoor,
    stack: AsyncExitStack,
    *,
    calm: Callable[[], None],
    line: Callable[[], Line],
    drawn: Callable[[], None] = lambda: None,
    counter: HeadCounter | None = None,
    person_model: Path | None = None,
) -> RoomWork:
    """All of it, connected; nothing runs yet. ``line``: asked only once something runs; ``drawn``: told when a person
    drew the seats or took another reference; ``counter``: in place of the
    camera's, for rooms that are only played; ``person_model``: finds people whose faces are not seen."""

    def told(rules: RoomRules | None) -> None:
        view = RulesView(rules.policy, rules.keep_days, rules.seen_by, rules.speaker_seen) if rules else None
        state.put(rules=view)

    looking = await stack.enter_async_context(LookingThread(load=partial(load_heads, person_model), calm=calm))
    rule = RoomRule(home, told)
    keeper = RoomKeeper(home)
    door = RuledDoor(rule.policy, looking)
    eyes = RoomCounter(
        camera,
        clock,
        looking,
        room=keeper.room,
        rule=rule.policy,
        settings=settings_of(person_model),
        still=StillPlaces(home / STILL_FILE),
    )
    questions = Questions(home, state)
    rolls = RollCalls(
        counter or eyes,
        EvidenceChain(home / "evidence.tip", identity.site, identity.signer()),
        outbox,
        RollLedger(home),
        state,
        clock.now_ns,
        ratio=lambda: keeper.room().hand_ratio,
        sure=lambda: clock.state is not ClockState.BLIND,
    )

    async def send(message: Up) -> bool:
        return await line().pass_by(message)

    thumbnails = Thumbnails(camera, door, send, clock.now_ns)
    trials = Trials(eyes, keeper, clock.now_ns)
    pages = RoomPages(camera, keeper, trials, lambda: clock.now_ns() // MS, drawn=drawn)
    return RoomWork(
        lives={"roll_calls": rolls.run, "thumbnails": thumbnails.run},
        routes=pages.routes(),
        reactions={
            RoomRules: rule.on_rules,
            RollCallOrder: rolls.on_order,
            CountQuestion: questions.on_question,
            CountQuestionWithdrawn: questions.on_withdrawn,
            ThumbnailOrder: thumbnails.on_order,
        },
        door=door,
        speaker_door=RuledDoor(rule.policy_of_speaker, looking),
        declare=Declaring(outbox.append, pins, questions, state, clock.now_ns).declare,
        counter=counter or eyes,
        seats=keeper.room,
        asked=questions.open,
    )
