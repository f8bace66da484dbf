"""A crowd of candidates in a process of its own: ``python -m demo.drill.crowd ORDERS RESULT``.

ORDERS is what `Orders` says, RESULT is written as `Seen` when everybody has handed in and has ✓✓, or long enough.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import aiohttp
import msgspec

from demo.candidates import Candidate, Ends, Sat, Shown, Slip, TurnedAway

HAND_IN_S = 10.0
"""Everybody hands in within the last so many seconds."""
SPARE_S = 1.0
"""The last hand-in leaves this long before the close."""
LIMIT_S = 60.0
"""How long after the close this process ends, whatever happens."""


class Orders(msgspec.Struct, frozen=True):
    """Who sits, and when. Times in Unix seconds; sign-ins are spread over the time from now to `signed_in_by`."""

    slips: list[Slip]
    signed_in_by: float
    t0: float
    closes: float
    pace_s: float
    received_within_s: float


class Seen(msgspec.Struct, frozen=True):
    """What this crowd saw. `acked`: (number, item, option) that showed ✓; `confirmed`: of these, with ✓✓; times in
    seconds, of papers and of what was said (`said_s`, beside `saved_s`) after T0."""

    acked: list[tuple[str, str, str]]
    unacked: int
    messages_saved: int
    messages_confirmed: int
    handed_in: int
    closed: int
    papers_s: list[float]
    saved_s: list[float]
    said_s: list[float]
    troubles: dict[str, int]
    cpu_s: float
    unfinished: int = 0


def main(orders: Path, result: Path) -> None:
    """Sit and tell."""
    given = msgspec.json.decode(orders.read_bytes(), type=Orders)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        seen = runner.run(_sit(given))
    result.write_bytes(msgspec.json.encode(seen))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _sit(given: Orders) -> Seen:
    loop = asyncio.get_running_loop()
    unix = time.time() - loop.time()
    chance = random.Random(len(given.slips))
    people = [Candidate(slip, _any, given.pace_s, ends=_ends(given, unix, chance)) for slip in given.slips]
    connector = aiohttp.TCPConnector(limit=0)
    unfinished = 0
    async with aiohttp.ClientSession(connector=connector) as client, asyncio.TaskGroup() as tasks:

        async def one(person: Candidate, delay_s: float) -> None:
            nonlocal unfinished
            await asyncio.sleep(delay_s)
            try:
                async with asyncio.timeout(given.closes - time.time() + LIMIT_S):
                    await person.sit(given.received_within_s, client)
            except* (TimeoutError, TurnedAway):
                unfinished += 1

        spread_s = max(0.0, given.signed_in_by - time.time())
        for place, person in enumerate(people):
            tasks.create_task(one(person, spread_s * place / len(people)))
    return _seen([person.sat for person in people], given.t0 - unix, unfinished)


def _ends(given: Orders, unix: float, chance: random.Random) -> Ends:
    last = given.closes - SPARE_S - unix
    begins = last - HAND_IN_S
    return Ends(begins, chance.uniform(begins, last))


def _any(number: str, question: Shown) -> int:
    return random.Random(f"{number}|{question['id']}").randrange(len(question["options"]))


def _seen(sats: list[Sat], t0_loop_s: float, unfinished: int) -> Seen:
    return Seen(
        acked=[(sat.slip.number, item, option) for sat in sats for item, option in sat.saved_answers],
        unacked=sum(len(sat.choices) - len(sat.saved_answers) for sat in sats),
        messages_saved=sum(sat.acked for sat in sats),
        messages_confirmed=sum(sat.received for sat in sats),
        handed_in=sum(sat.receipt is not None for sat in sats),
        closed=sum(sat.receipt is None and sat.closed is not None for sat in sats),
        papers_s=[sat.paper_after_s - t0_loop_s for sat in sats if sat.paper_after_s is not None],
        saved_s=[seconds for sat in sats for seconds in sat.saved_after_s],
        said_s=[at_s - t0_loop_s for sat in sats for at_s in sat.saved_said_s],
        troubles=dict(Counter(trouble for sat in sats for trouble in sat.troubles)),
        cpu_s=time.process_time(),
        unfinished=unfinished,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
