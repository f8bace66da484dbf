"""How much of the lecture a room gets, from what is sent, what arrives and what is ordered."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from orchestrator.errors import Refused
from orchestrator.media.port import Rung, ViewerStats
from orchestrator.media.rungs import RungNow, RungOrder, Rungs, rung_now
from wire.messages import ScreenHealth

STREAM = "s-lecture"


class Engine:
    """Keeps what it is ordered; refuses while it is down."""

    def __init__(self) -> None:
        self.orders: dict[str, dict[str, Rung]] = {}
        self.down = False

    async def viewers(self, stream: str) -> list[ViewerStats]:
        return []

    async def set_rungs(self, stream: str, rungs: Mapping[str, Rung]) -> None:
        if self.down:
            raise Refused("media_unavailable", "–", 503)
        self.orders[stream] = dict(rungs)


def sent(rung: Rung, why: str = "best") -> ViewerStats:
    return ViewerStats("site-1", rung, 360, why)


@pytest.mark.parametrize(
    ("engine", "screen", "expected"),
    [
        (None, "", RungNow()),
        (sent(Rung.FULL), "picture", RungNow("full", "best")),
        (sent(Rung.LOW, "weak_line"), "picture", RungNow("low", "weak_line")),
        (sent(Rung.SOUND, "weak_line"), "sound", RungNow("sound", "weak_line")),
        (sent(Rung.FULL), "sound", RungNow("sound", "picture_stopped")),
        (sent(Rung.FULL), "phone", RungNow("phone", "nothing_comes")),
        (None, "phone", RungNow("phone", "nothing_comes")),
        (sent(Rung.FULL), "", RungNow("full", "best")),
    ],
)
def test_the_lesser_of_what_is_sent_and_what_arrives(
    engine: ViewerStats | None, screen: str, expected: RungNow
) -> None:
    why = {"sound": "picture_stopped", "phone": "nothing_comes"}.get(screen, "")
    assert rung_now(engine, ScreenHealth(rung=screen, rung_why=why), None) == expected


def ordered(rung: Rung) -> RungOrder:
    return RungOrder(rung, "Nguyễn Thị Lan", 7_000_000)


def test_an_order_stands_beside_what_the_room_really_gets() -> None:
    phone = ordered(Rung.PHONE)
    assert rung_now(sent(Rung.FULL), ScreenHealth(), phone) == RungNow("full", "best", "phone", "Nguyễn Thị Lan", 7)
    obeyed = ScreenHealth(rung="phone", rung_why="ordered")
    assert rung_now(None, obeyed, phone) == RungNow("phone", "ordered", "phone", "Nguyễn Thị Lan", 7)


async def test_the_engine_is_given_every_order_but_the_telephone_which_is_the_rooms_own() -> None:
    engine = Engine()
    rungs = Rungs(engine)
    rungs.put(STREAM, {"site-1": ordered(Rung.LOW), "site-2": ordered(Rung.SOUND), "site-3": ordered(Rung.PHONE)})
    await rungs.tell()
    assert engine.orders[STREAM] == {"site-1": Rung.LOW, "site-2": Rung.SOUND}
    assert rungs.of(STREAM, "site-1", None).ordered == "low"
    assert [rungs.by_phone(STREAM, site) for site in ("site-1", "site-3", "nobody")] == [False, True, False]
    rungs.put(STREAM, {"site-2": ordered(Rung.SOUND)})
    await rungs.tell()
    assert engine.orders[STREAM] == {"site-2": Rung.SOUND}


async def test_an_engine_that_is_down_is_told_when_it_is_back() -> None:
    engine = Engine()
    rungs = Rungs(engine)
    engine.down = True
    rungs.put(STREAM, {"site-1": ordered(Rung.LOW)})
    await rungs.tell()
    assert engine.orders == {}
    engine.down = False
    await rungs.tell()
    assert engine.orders == {STREAM: {"site-1": Rung.LOW}}


async def test_a_session_that_is_over_is_forgotten_with_its_orders() -> None:
    rungs = Rungs(Engine())
    rungs.seen(STREAM, [sent(Rung.LOW)])
    rungs.put(STREAM, {"site-1": ordered(Rung.LOW)})
    rungs.keep(["another"])
    assert rungs.of(STREAM, "site-1", None) == RungNow()
