"""Orders over HTTP."""

from __future__ import annotations

from collections import Counter

import msgspec
from aiohttp import web

from orchestrator.errors import Refused
from orchestrator.orders import store
from orchestrator.orders.logbook import Logbook
from orchestrator.orders.model import Author, Wish
from orchestrator.orders.service import Orders
from orchestrator.orders.views import NameOf, OrderHere, OrderPage, OrderRow, order_here, page, row
from orchestrator.storage.engine import Connection, Database
from orchestrator.web.kit import Identity, Routes, body, get, json, post, who
from wire.ids import OrderId, SiteId

LISTED = 100
LISTED_AT_SITE = 30


class Done(msgspec.Struct, frozen=True):
    done: bool = True


class Reached(msgspec.Struct, frozen=True):
    """The sites that an order reaches at once; any other is away."""

    linked: list[SiteId]


class OrderPages:
    """The handlers."""

    def __init__(self, orders: Orders, logbook: Logbook, database: Database, name_of: NameOf) -> None:
        self._orders = orders
        self._logbook = logbook
        self._database = database
        self._name_of = name_of

    async def give(self, request: web.Request) -> web.StreamResponse:
        wish = await body(request, Wish)
        order = await self._orders.give(_author(who(request)), wish)
        return json(await self._row(order.id), 201)

    async def list(self, _request: web.Request) -> web.StreamResponse:
        def work(conn: Connection) -> list[OrderRow]:
            orders = store.newest(conn, LISTED)
            counts = store.counts(conn, [order.id for order in orders])
            return [row(order, counts.get(order.id, Counter())) for order in orders]

        return json(await self._database.read(work))

    async def reached(self, _request: web.Request) -> web.StreamResponse:
        return json(Reached(sorted(self._orders.linked())))

    async def show(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["id"]

        def work(conn: Connection) -> OrderPage:
            order = store.find(conn, name)
            if order is None:
                raise Refused("no_order", "Không có lệnh này. / No such order.", 404)
            return page(order, store.standing(conn, order.id), store.logs(conn, order.id), self._name_of)

        return json(await self._database.read(work))

    async def at_site(self, request: web.Request) -> web.StreamResponse:
        site = SiteId(request.match_info["site"])
        found = await self._database.read(lambda conn: store.newest_at(conn, site, LISTED_AT_SITE))
        return json([order_here(order, told) for order, told in found])

    async def undo(self, request: web.Request) -> web.StreamResponse:
        order = OrderId(request.match_info["id"])
        await self._orders.undo(who(request).username, order)
        return json(await self._row(order))

    async def withdraw(self, request: web.Request) -> web.StreamResponse:
        order = OrderId(request.match_info["id"])
        await self._orders.withdraw(who(request).username, order)
        return json(await self._row(order))

    async def log(self, request: web.Request) -> web.StreamResponse:
        order, site = request.match_info["id"], request.match_info["site"]
        packed = await self._logbook.read(who(request).username, order, site)
        name = f"nhat-ky-{self._name_of(SiteId(site))[0]}.jsonl.gz"
        return web.Response(
            body=packed,
            content_type="application/gzip",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    async def _row(self, order: OrderId) -> OrderRow:
        def work(conn: Connection) -> OrderRow:
            found = store.find(conn, order)
            assert found is not None
            return row(found, store.counts(conn, [order]).get(order, Counter()))

        return await self._database.read(work)


def _author(identity: Identity) -> Author:
    return Author(identity.person, identity.username, identity.name, identity.role)


def routes(pages: OrderPages) -> Routes:
    """The routes of orders."""
    orders = "/api/v1/orders"
    one = f"{orders}/{{id}}"
    return [
        post(orders, pages.give, action="orders.give", summary="order sites", body=Wish, reply=OrderRow),
        get(orders, pages.list, action="orders.see", summary="the last orders", reply=list[OrderRow]),
        get(f"{orders}/reached", pages.reached, action="orders.give", summary="who is there now", reply=Reached),
        get("/api/v1/sites/{site}/orders", pages.at_site, action="orders.see", summary="here", reply=list[OrderHere]),
        get(one, pages.show, action="orders.see", summary="who has answered", reply=OrderPage),
        post(f"{one}/undo", pages.undo, action="orders.give", summary="within 5 s", reply=OrderRow),
        post(f"{one}/withdraw", pages.withdraw, action="orders.give", summary="stop telling", reply=OrderRow),
        get(f"{one}/logs/{{site}}", pages.log, action="orders.logs", summary="a site's log, gzip"),
    ]
