"""Orders for a worker that comes back: those it refuses are given again until it takes them, as they are by then."""

from __future__ import annotations

import msgspec
from structlog.testing import capture_logs

from orchestrator.errors import Refused
from orchestrator.media.kept_orders import KeptOrders
from orchestrator.media.port import AirOrder, Rung, Want

SLATE = AirOrder(Want.SLATE)


class Worker:
    """Takes orders but the first few; ``away``: these few find nobody at all."""

    def __init__(self, refusals: int, *, away: bool = False) -> None:
        self.refusals, self.away = refusals, away
        self.taken: list[tuple[str, bytes]] = []
        self.kept = KeptOrders(self.tell, pauses_s=(0.0,) * 3)

    async def tell(self, method: str, stream: str, path: str, content: bytes) -> int:
        assert (method, path.rpartition("/")[0]) == ("PUT", f"/streams/{stream}")
        if self.refusals:
            self.refusals -= 1
            if self.away:
                raise Refused("media_unavailable", "–", 503)
            return 503
        self.taken.append((path, content))
        return 204

    async def returns(self) -> list[str]:
        """What is logged meanwhile."""
        with capture_logs() as logged:
            await self.kept.give_again(1, await self.kept.give(1, sorted(self.kept.streams())))
        return [str(line["event"]) for line in logged]


async def test_a_worker_that_comes_back_is_given_what_differs_and_nothing_else() -> None:
    worker = Worker(0)
    worker.kept.air["a"] = SLATE
    worker.kept.rungs["b"] = {"site-1": Rung.SOUND}
    worker.kept.hushed.add("b")
    assert await worker.returns() == []
    assert worker.taken == [
        ("/streams/a/air", msgspec.json.encode(SLATE)),
        ("/streams/b/hush", b""),
        ("/streams/b/rungs", b'{"site-1":"sound"}'),
    ]
    assert worker.kept.refused.total() == 0


async def test_an_order_that_is_refused_is_given_again_until_it_is_taken_and_logged_once() -> None:
    for away in (False, True):
        worker = Worker(3, away=away)
        worker.kept.air["a"] = SLATE
        assert await worker.returns() == ["orders_refused"]
        assert worker.taken == [("/streams/a/air", msgspec.json.encode(SLATE))]
        assert worker.kept.refused == {1: 3}


async def test_one_order_refused_keeps_no_other_back() -> None:
    worker = Worker(1)
    worker.kept.hushed.add("a")
    worker.kept.air["a"] = worker.kept.air["b"] = SLATE
    refused = await worker.kept.give(1, ["a", "b"])
    assert refused == ["a"]
    assert [path for path, _ in worker.taken] == ["/streams/a/air", "/streams/b/air"]


async def test_what_is_given_again_is_the_order_of_that_moment() -> None:
    worker = Worker(2)
    worker.kept.air["a"] = worker.kept.air["b"] = SLATE
    refused = await worker.kept.give(1, ["a", "b"])
    worker.kept.air["a"] = AirOrder(Want.STANDBY)
    worker.kept.forget("b")
    await worker.kept.give_again(1, refused)
    assert worker.taken == [("/streams/a/air", msgspec.json.encode(AirOrder(Want.STANDBY)))]


async def test_a_worker_that_goes_on_refusing_is_left_alone_after_some_tries() -> None:
    worker = Worker(100)
    worker.kept.hushed.add("a")
    assert await worker.returns() == ["orders_refused", "orders_given_up"]
    assert worker.kept.refused == {1: 4}
