"""Builds what brings a site's answers home besides the feed: second copy, heads, the stick, guests, the archive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec
from aiohttp import web

from site_agent.config import Config
from site_agent.exam.homeward import Homeward
from site_agent.exam.homeward_pages import journal_routes
from site_agent.exam.second_copy import copy_key
from site_agent.exam.second_volume import FOLDER, SecondVolume
from site_agent.exam.service import ExamSite
from site_agent.exam.visitors import Visitors
from site_agent.exam.volumes import other_volumes, second_folder
from site_agent.link.identity import Identity
from site_agent.lives import Life
from wire.ids import ExamId
from wire.messages import ExamArchive, ExamLetGo, ExamSeats, Up, VisitorRefused


class Line(Protocol):
    """The line to the centre, `site_agent.link.uplink.Uplink`."""

    @property
    def connection(self) -> int: ...

    def tell(self, message: Up) -> None: ...


class WayHome(msgspec.Struct, frozen=True):
    """Lives to keep going, routes of the computer's own pages, what becomes of messages, and who hears of ✓✓."""

    lives: Mapping[str, Life]
    routes: list[web.AbstractRouteDef]
    reactions: Mapping[type[Any], Callable[[Any], Awaitable[None]]]
    confirmed: Callable[[int], None]
    second: SecondVolume
    homeward: Homeward


def way_home(
    config: Config,
    home: Path,
    identity: Identity,
    exams: ExamSite,
    *,
    interval_ns: Callable[[], tuple[int, int]],
    line: Callable[[], Line],
) -> WayHome:
    """All of it, connected; nothing runs yet. `line`: asked only once something runs."""

    def tell(message: Up) -> None:
        line().tell(message)

    def connection() -> int:
        return line().connection

    configured = config.exam.second_copy
    key = copy_key(identity.site_secret)
    second = SecondVolume(exams.journal, key, lambda: second_folder(configured, home, FOLDER))
    homeward = Homeward(
        exams.journal, identity, tell=tell, line=connection, interval_ns=interval_ns, exams=lambda: list(exams.halls)
    )
    visitors = Visitors(exams, identity.site_secret, tell=tell, is_up=lambda: connection() > 0)

    def titles() -> dict[ExamId, str]:
        return {exam: hall.held.manifest.title for exam, hall in exams.halls.items()}

    def confirmed(row: int) -> None:
        exams.confirmed(row)
        homeward.confirmed(row)

    return WayHome(
        lives={"second_copy": second.run, "heads": homeward.run, "visitors": visitors.run},
        routes=journal_routes(
            homeward, copy_state=lambda: second.state.value, volumes=lambda: other_volumes(home), titles=titles
        ),
        reactions={
            ExamSeats: visitors.on_seats,
            ExamLetGo: visitors.on_let_go,
            VisitorRefused: visitors.on_refused,
            ExamArchive: homeward.on_archive,
        },
        confirmed=confirmed,
        second=second,
        homeward=homeward,
    )
