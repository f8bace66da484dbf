"""What each order does here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import structlog

from site_agent.lecture.port import BigScreen
from site_agent.orders.log_pack import packed
from site_agent.orders.service import Deed, DeedRefused
from site_agent.state import NoticeView
from wire.messages import Record
from wire.orders import LOG_PIECE_BYTES, LogPiece, OrderKind, SiteOrder

log = structlog.get_logger()

MS = 1_000_000


def deeds(
    *,
    show: Callable[[NoticeView], None],
    screen: Callable[[], BigScreen],
    restart: Callable[[], None],
    disturbs: Callable[[], str],
    logs: Path,
    keep_all: Callable[[list[Record]], Awaitable[object]],
) -> Mapping[str, Deed]:
    """The deeds by kind. `disturbs`: why an exam forbids it now; `restart` begins the end of this process."""

    async def notice(order: SiteOrder) -> None:
        show(NoticeView(order.id, order.text_vi, order.text_en, order.shown_until_ns // MS))

    async def restart_screen(_order: SiteOrder) -> None:
        if not await screen().restart():
            raise DeedRefused("screen_silent")

    async def restart_agent(order: SiteOrder) -> None:
        _check(order, disturbs())
        log.info("restart_ordered", order=order.id, forced=order.forced)
        restart()
        await asyncio.Event().wait()  # until this process ends; the next one answers

    async def collect_logs(order: SiteOrder) -> None:
        # The pieces would stand before the answers of candidates on the same line.
        _check(order, disturbs())
        octets = await asyncio.to_thread(packed, logs)
        pieces = [octets[at : at + LOG_PIECE_BYTES] for at in range(0, len(octets), LOG_PIECE_BYTES)]
        await keep_all(
            [LogPiece(order=order.id, place=at, pieces=len(pieces), octets=piece) for at, piece in enumerate(pieces)]
        )

    return {
        OrderKind.NOTICE: notice,
        OrderKind.RESTART_SCREEN: restart_screen,
        OrderKind.RESTART_AGENT: restart_agent,
        OrderKind.COLLECT_LOGS: collect_logs,
    }


def _check(order: SiteOrder, reason: str) -> None:
    if reason and not order.forced:
        raise DeedRefused(reason)
