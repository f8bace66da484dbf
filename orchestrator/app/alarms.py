"""Builds the alarms: where they look, what runs, what people may ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType

import msgspec

from orchestrator.alarms.channels.routes import ChannelPages
from orchestrator.alarms.channels.routes import routes as channel_routes
from orchestrator.alarms.channels.sending import AppriseSender
from orchestrator.alarms.channels.service import Messenger
from orchestrator.alarms.log_routes import LogPages
from orchestrator.alarms.log_routes import routes as log_routes
from orchestrator.alarms.model import Trouble
from orchestrator.alarms.observing import OF_THE_LINE, OF_THE_ROOM, WORDS, Seen, Where
from orchestrator.alarms.routes import AlarmPages
from orchestrator.alarms.routes import routes as alarm_routes
from orchestrator.alarms.service import AlarmWatch, Standing
from orchestrator.alarms.views import alarm_views, work_views
from orchestrator.alarms.wording import Names
from orchestrator.app.ground import Ground
from orchestrator.app.lives import Life
from orchestrator.app.needs import Needs, needs, unarmed
from orchestrator.app.register import Register
from orchestrator.exams.model import Exam
from orchestrator.media.port import MediaEngine
from orchestrator.readiness.board import Word as ReadyWord
from orchestrator.readiness.model import Verdict
from orchestrator.sessions.service import Conductor
from orchestrator.wall.board import WallBoard
from orchestrator.wall.judge import SiteCard
from orchestrator.wall.model import Tile
from orchestrator.web.kit import Routes
from wire.ids import ExamState, SiteId
from wire.readiness import CheckName

NOT_MISSED = frozenset({"never", "revoked"})
"""States of sites that nobody waits for."""
NOT_READY = "not_ready"
TOLD_OTHERWISE = frozenset({"presence", CheckName.PAIRED})
TOLD_BY: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        CheckName.CAMERA: frozenset({"camera"}),
        CheckName.CLOCK: frozenset({"clock_blind", "clock_loose", "clock_off"}),
        CheckName.DISK: frozenset({"disk"}),
    }
)
"""Checks whose fault the tile may tell by a finding of its own; as long as it does, it is not told twice."""
LONGEST_NAME = 100
OVER = frozenset({ExamState.CLOSED, ExamState.CANCELLED})
SEATED = frozenset({ExamState.SIGN_IN, ExamState.RELEASED, ExamState.OPEN})
SHOWING = frozenset({"playing", "stalled", "dark"})


class AlarmParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, and routes to serve."""

    lives: Mapping[str, Life]
    routes: Routes
    close: Callable[[], Awaitable[None]]
    sources: AlarmSources


class AlarmSources:
    """Answers the alarms from the wall's memory and the relay; ``needed``: the rooms that the day needs now."""

    def __init__(
        self,
        register: Register,
        board: WallBoard,
        plane: MediaEngine,
        lost: Callable[[], list[str]],
        needed: Callable[[], Needs],
    ) -> None:
        self.failing: Callable[[], list[tuple[str, int]]] = list
        self.unrecorded: Callable[[], list[str]] = list
        self.unarmed: Callable[[], list[str]] = list
        self._lost = lost
        self._needed = needed
        self._register = register
        self._board = board
        self._plane = plane

    def seen(self) -> Sequence[Seen] | None:
        if not self._register.loaded:
            return None
        cards, not_ready, needed = self._register.cards, self._not_ready(), self._needed()
        tiles = ((card, self._board.tile(site)) for site, card in cards.items())
        return [
            _seen(card, tile, not_ready.get(card.id, frozenset()), _idle(tile, needed))
            for card, tile in tiles
            if tile is not None and tile.state not in NOT_MISSED
        ]

    def _not_ready(self) -> dict[SiteId, frozenset[str]]:
        """Sites whose certificate says no, with the checks that do."""
        words: list[ReadyWord] = self._board.section("readiness")
        return {word.id: frozenset(word.no_go) - TOLD_OTHERWISE for word in words if word.verdict is Verdict.NO_GO}

    def parts(self) -> list[tuple[Trouble, str, int]]:
        relays = [(Trouble.RELAY, str(number + 1), 3) for number in self._plane.down()]
        channels = [(Trouble.CHANNEL, name, severity) for name, severity in self.failing()]
        lost = [(Trouble.LECTURER, topic[:LONGEST_NAME], 3) for topic in self._lost()]
        waiting = [(Trouble.UNARMED, title[:LONGEST_NAME], 3) for title in self.unarmed()]
        unrecorded = [(Trouble.RECORDING, topic, 2) for topic in self.unrecorded()]
        return [*relays, *channels, *lost, *waiting, *unrecorded]

    def places(self) -> dict[SiteId, Where]:
        return {site: _where(card) for site, card in self._register.cards.items()}

    def names(self) -> Names:
        return Names({site: (card.code, card.name) for site, card in self._register.cards.items()})


def _where(card: SiteCard) -> Where:
    # A province has no two districts of one name; a centre of several provinces would have to tell them apart.
    return Where(card.path[0] if card.path else "", card.district, card.provider)


def _idle(tile: Tile, needed: Needs) -> frozenset[Trouble]:
    """The troubles that hurt nobody in the room now; an exam ends for a room when its own is handed in."""
    state = tile.exam.state if tile.exam is not None else ""
    sitting = tile.id in needed.sitting and state not in OVER
    awaited = sitting or tile.id in needed.awaited
    used = sitting or tile.id in needed.used or (awaited and state in SEATED)
    idle = frozenset[Trouble]() if awaited else OF_THE_LINE | {Trouble.READINESS}
    idle |= frozenset() if used else OF_THE_ROOM
    return idle if tile.id in needed.papers else idle | {Trouble.EXAM}


def _seen(card: SiteCard, tile: Tile, not_ready: frozenset[str], idle: frozenset[Trouble]) -> Seen:
    found = [
        (word, 1 if WORDS[word] is Trouble.AWAY and Trouble.AWAY in idle else severity)
        for severity, word in tile.findings
        if word in WORDS and word != NOT_READY
    ]
    # A room is expected to be ready from the hour of practice on, not all year.
    words = {word for _, word in tile.findings}
    untold = [check for check in not_ready if not TOLD_BY.get(check, frozenset()) & words]
    if untold and Trouble.READINESS not in idle and tile.state == "online":
        found.append((NOT_READY, 2))
    return Seen(
        site=card.id,
        where=_where(card),
        there=tile.state == "online",
        watching=tile.stream.state in SHOWING,
        findings=tuple(found),
        idle=idle,
    )


def build_alarms(
    ground: Ground, board: WallBoard, plane: MediaEngine, conductor: Conductor, lost: Callable[[], list[str]]
) -> AlarmParts:
    """All parts, connected; nothing runs yet. What stands is shown on the wall's ``board``; ``lost``: the topics of
    sessions whose lecturer is lost."""
    database, clock, audit = ground.database, ground.clock, ground.audit

    def exams() -> list[Exam]:
        return [each.exam for each in ground.register.exams]

    def needed() -> Needs:
        return needs(conductor.all(), exams(), clock.now_ns())

    sources = AlarmSources(ground.register, board, plane, lost, needed)
    sources.unarmed = lambda: unarmed(exams(), clock.now_ns())
    watch = AlarmWatch(database, clock, ground.live.leases, audit, sources, ground.owner)
    messenger = Messenger(
        database,
        clock,
        audit,
        ground.keys.at_rest,
        watch,
        AppriseSender(),
        sources.places,
        sources.names,
        f"{ground.public_url}/wall",
    )
    sources.failing = messenger.failing

    def show(standing: Standing) -> None:
        board.put_section("alarms", alarm_views(standing))
        board.put_section("works", work_views(standing))

    watch.show = show
    return AlarmParts(
        lives={"alarms": watch.watch, "alarm_channels": messenger.run},
        routes=[
            *log_routes(LogPages(watch, clock, ground.sites.sites)),
            *channel_routes(ChannelPages(messenger)),
            *alarm_routes(AlarmPages(watch)),
        ],
        close=messenger.close,
        sources=sources,
    )
