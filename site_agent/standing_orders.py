"""Builds what carries out the centre's orders and the chat of the desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import msgspec
from aiohttp import web

from site_agent.exam.service import ExamSite
from site_agent.lecture.port import BigScreen
from site_agent.link.clock import ClockDiscipline
from site_agent.link.outbox import Outbox
from site_agent.lives import Life
from site_agent.orders.chat import SiteChat
from site_agent.orders.chat_pages import chat_routes
from site_agent.orders.deeds import deeds
from site_agent.orders.file import OrderFile
from site_agent.orders.quiet import NearExam, disturbs
from site_agent.orders.service import SiteOrders
from site_agent.state import SiteState
from site_agent.views import show_notice, take_down
from wire.ids import ClockState
from wire.messages import OrderSeen
from wire.orders import CHAT, ChatLine, OrderKind, OrderWithdrawn, SiteOrder

LOGS = "logs"
"""Folder of the log files in the agent's home."""


class Line(Protocol):
    """The line to the centre, `site_agent.link.uplink.Uplink`."""

    def seen(self, message: OrderSeen) -> None: ...


class StandingOrders(msgspec.Struct, frozen=True):
    """Lives to keep going, routes of the computer's own pages, what becomes of messages, what the heartbeat names."""

    lives: Mapping[str, Life]
    routes: list[web.AbstractRouteDef]
    reactions: Mapping[type[Any], Callable[[Any], Awaitable[None]]]
    takes: list[str]


async def standing_orders(
    home: Path,
    state: SiteState,
    clock: ClockDiscipline,
    outbox: Outbox,
    exams: ExamSite,
    *,
    screen: Callable[[], BigScreen],
    line: Callable[[], Line],
    restart: Callable[[], None],
    stack: AsyncExitStack,
) -> StandingOrders:
    """All of it, connected; nothing runs yet. `screen`, `line`, `restart`: called only once something runs."""
    file = await OrderFile.open(home / "orders.sqlite3")
    stack.push_async_callback(file.close)

    def seen(message: OrderSeen) -> None:
        line().seen(message)

    def forbidden() -> str:
        halls = exams.halls.values()
        near = [NearExam(hall.progress().state, hall.held.manifest.t0_ns) for hall in halls]
        return disturbs(near, None if clock.state is ClockState.BLIND else clock.now_ns())

    orders = SiteOrders(
        file,
        deeds(
            show=partial(show_notice, state),
            screen=screen,
            restart=restart,
            disturbs=forbidden,
            logs=home / LOGS,
            keep_all=outbox.append_many,
        ),
        keep=outbox.append,
        seen=seen,
        take_down=partial(take_down, state),
        time=clock,
    )
    chat = SiteChat(file, state, keep=outbox.append, seen=seen, now_ns=clock.now_ns)
    outbox.on_committed(chat.on_committed)
    return StandingOrders(
        lives={"orders": orders.run, "chat": chat.run},
        routes=chat_routes(chat),
        reactions={
            SiteOrder: orders.on_order,
            OrderWithdrawn: orders.on_withdrawn,
            ChatLine: chat.on_line,
        },
        takes=[*orders.kinds, OrderKind.ROLL_CALL, CHAT],
    )
