"""Orders over HTTP, as the page of orders gives them: who is there, undone within five seconds, withdrawn after."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from orchestrator.access.model import Role
from orchestrator.orders.routes import OrderPages, routes
from tests.doubles.centre import Centre, Page, running_centre
from tests.doubles.eventually import eventually
from tests.doubles.order_day import World, eventually_a_moment, world

ORDERS = "/api/v1/orders"


class Day:
    """A centre that orders, an operator and a viewer of it, three rooms of which one is away."""

    def __init__(self, day: World, centre: Centre, operator: Page) -> None:
        self.day, self.centre, self.operator = day, centre, operator

    async def ask(self, method: str, path: str, wish: object = None) -> tuple[int, Any]:
        return await self.operator.call(method, f"{ORDERS}{path}", wish)

    async def give(self, kind: str = "restart_screen", **wish: object) -> dict[str, Any]:
        """An order to all three; it is held back."""
        sites = [room.site for room in self.day.rooms]
        status, told = await self.ask("POST", "", {"kind": kind, "sites": sites, "scope": "tất cả", **wish})
        assert (status, told["sites"], told["counts"]) == (201, 3, {"held": 3})
        assert told["leaves_ms"] - told["at_ms"] == 5_000
        found: dict[str, Any] = told
        return found

    async def until(self, order: dict[str, Any], **counts: int) -> None:
        """Until the page of the order tells this."""
        for _ in range(200):
            await self.day.pass_s(0)
            _, told = await self.ask("GET", f"/{order['id']}")
            if told["order"]["counts"] == counts:
                return
            await eventually_a_moment()
        raise AssertionError(f"{told['order']['counts']} instead of {counts}")

    def restarts(self) -> list[int]:
        return [room.agent.screen.restarts for room in self.day.rooms]


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Day]:
    async with world(folder, 3) as day:
        pages = OrderPages(day.orders, day.logbook, day.links.database, lambda site: (site[-4:], "Trường"))
        async with running_centre(folder, routes(pages)) as centre:
            for role in (Role.OPERATOR, Role.VIEWER):
                await centre.person(role)
            for room in day.rooms[:2]:
                await room.link(day)
            async with centre.page("operator") as operator:
                yield Day(day, centre, operator)


@pytest.fixture
async def orders(tmp_path: Path) -> AsyncIterator[Day]:
    async with opened(tmp_path) as made:
        yield made


async def test_the_page_of_orders_is_told_which_sites_are_there(orders: Day) -> None:
    rooms = orders.day.rooms
    assert await orders.ask("GET", "/reached") == (200, {"linked": sorted(room.site for room in rooms[:2])})
    await rooms[2].link(orders.day)
    assert await orders.ask("GET", "/reached") == (200, {"linked": sorted(room.site for room in rooms)})


async def test_within_five_seconds_an_order_is_undone_and_no_site_is_told(orders: Day) -> None:
    order = await orders.give()
    await orders.day.pass_s(4.9)
    status, told = await orders.ask("POST", f"/{order['id']}/undo")
    assert (status, told["counts"], told["withdrawn"]) == (200, {"undone": 3}, True)
    await orders.day.pass_s(60)
    _, page = await orders.ask("GET", f"/{order['id']}")
    assert [(site["state"], site["reason"], site["times"]) for site in page["sites"]] == [("undone", "undone", 0)] * 3
    assert orders.restarts() == [0, 0, 0]
    status, told = await orders.ask("POST", f"/{order['id']}/undo")
    assert (status, told["code"]) == (409, "too_late")


async def test_what_has_left_is_not_undone_but_withdrawn_from_those_who_are_away(orders: Day) -> None:
    order = await orders.give()
    await orders.day.pass_s(5)
    status, told = await orders.ask("POST", f"/{order['id']}/undo")
    assert (status, told["code"]) == (409, "too_late")
    await orders.until(order, done=2, waiting=1)
    status, told = await orders.ask("POST", f"/{order['id']}/withdraw")
    assert (status, told["counts"], told["withdrawn"]) == (200, {"done": 2, "undone": 1}, True)
    await orders.day.rooms[2].link(orders.day)
    await orders.day.pass_s(60)
    assert orders.restarts() == [1, 1, 0]
    status, told = await orders.ask("POST", f"/{order['id']}/withdraw")
    assert (status, told["code"]) == (409, "over")
    _, listed = await orders.ask("GET", "")
    assert [(each["id"], each["withdrawn"]) for each in listed] == [(order["id"], True)]


async def test_a_withdrawn_notice_leaves_the_screens(orders: Day) -> None:
    order = await orders.give("notice", text_vi="Nghỉ 10 phút", minutes=15)
    await orders.day.pass_s(5)
    await orders.until(order, done=2, waiting=1)
    here = orders.day.rooms[0].agent.state
    assert [notice.text_vi for notice in here.view.notices] == ["Nghỉ 10 phút"]
    assert (await orders.ask("POST", f"/{order['id']}/withdraw"))[0] == 200
    await eventually(lambda: here.view.notices == ())


async def test_whoever_only_looks_orders_undoes_and_withdraws_nothing(orders: Day) -> None:
    order = await orders.give()
    async with orders.centre.page("viewer") as viewer:
        wish = {"kind": "restart_screen", "sites": [orders.day.rooms[0].site]}
        for path in ("", f"/{order['id']}/undo", f"/{order['id']}/withdraw"):
            assert (await viewer.call("POST", f"{ORDERS}{path}", wish))[0] == 403
        assert (await viewer.call("GET", f"{ORDERS}/reached"))[0] == 403
    assert (await orders.ask("POST", "/order-no/undo"))[1]["code"] == "no_order"
    assert (await orders.ask("POST", "/order-no/withdraw"))[1]["code"] == "no_order"
    assert (await orders.ask("GET", f"/{order['id']}"))[1]["order"]["counts"] == {"held": 3}
