"""Orders as pages are told of them; times in milliseconds of centre time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import msgspec

from orchestrator.orders.model import Order, OrderState, Told
from orchestrator.orders.standing import Live
from orchestrator.orders.store import KeptLog
from wire.ids import SiteId

MS = 1_000_000

NameOf = Callable[[SiteId], tuple[str, str]]
"""Code and name of a site."""

_FIRST = {
    OrderState.WAITING: 0,
    OrderState.SENT: 0,
    OrderState.TAKEN: 0,
    OrderState.HELD: 0,
    OrderState.FAILED: 1,
    OrderState.EXPIRED: 2,
    OrderState.UNSUPPORTED: 2,
    OrderState.DONE: 3,
    OrderState.UNDONE: 4,
}
"""Who has not answered yet stands first, then what needs somebody."""


class OrderRow(msgspec.Struct, frozen=True):
    """An order in a list; `counts` by state."""

    id: str
    kind: str
    scope: str
    by: str
    at_ms: int
    leaves_ms: int
    expires_ms: int
    forced: bool
    text_vi: str
    text_en: str
    withdrawn: bool
    sites: int
    counts: dict[str, int]


class OrderSite(msgspec.Struct, frozen=True):
    """An order at one site; `log_bytes` when its log is here, whole."""

    site: str
    code: str
    name: str
    state: str
    reason: str
    sent_ms: int | None
    seen_ms: int | None
    ended_ms: int | None
    times: int
    log_bytes: int | None


class OrderHere(msgspec.Struct, frozen=True):
    """An order as it stands at the one site that is asked about."""

    id: str
    kind: str
    by: str
    at_ms: int
    text_vi: str
    text_en: str
    state: str
    reason: str
    ended_ms: int | None


class OrderPage(msgspec.Struct, frozen=True):
    """An order with all its sites, those that have not answered first."""

    order: OrderRow
    sites: list[OrderSite]


def row(order: Order, counts: Mapping[OrderState, int]) -> OrderRow:
    """An order and how it stands."""
    return OrderRow(
        id=order.id,
        kind=order.kind,
        scope=order.scope,
        by=order.by.name,
        at_ms=order.at_ns // MS,
        leaves_ms=order.leaves_ns // MS,
        expires_ms=order.expires_ns // MS,
        forced=order.forced,
        text_vi=order.text_vi,
        text_en=order.text_en,
        withdrawn=order.withdrawn_ns is not None,
        sites=sum(counts.values()),
        counts={state.value: number for state, number in sorted(counts.items()) if number},
    )


def live_row(live: Live) -> OrderRow:
    """A live order as the wall's feed carries it: without its text, for whoever sees the wall sees this."""
    full = row(live.order, Counter(told.state for told in live.told.values()))
    return msgspec.structs.replace(full, text_vi="", text_en="")


def order_here(order: Order, told: Told) -> OrderHere:
    """An order at one site."""
    return OrderHere(
        id=order.id,
        kind=order.kind,
        by=order.by.name,
        at_ms=order.at_ns // MS,
        text_vi=order.text_vi,
        text_en=order.text_en,
        state=told.state,
        reason=told.reason,
        ended_ms=_ms(told.ended_ns),
    )


def page(order: Order, told: Mapping[SiteId, Told], logs: Mapping[SiteId, KeptLog], name_of: NameOf) -> OrderPage:
    """An order with every site."""
    counts = Counter(each.state for each in told.values())
    sites = [_site(site, each, logs.get(site), name_of) for site, each in told.items()]
    return OrderPage(row(order, counts), sorted(sites, key=lambda each: (_FIRST[OrderState(each.state)], each.code)))


def _site(site: SiteId, told: Told, kept: KeptLog | None, name_of: NameOf) -> OrderSite:
    code, name = name_of(site)
    return OrderSite(
        site=site,
        code=code,
        name=name,
        state=told.state,
        reason=told.reason,
        sent_ms=_ms(told.sent_ns),
        seen_ms=_ms(told.seen_ns),
        ended_ms=_ms(told.ended_ns),
        times=told.times,
        log_bytes=kept.size if kept else None,
    )


def _ms(at_ns: int | None) -> int | None:
    return None if at_ns is None else at_ns // MS
