"""Roll calls through an outage, with the agent's program killed in between: each count arrives, and arrives once."""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from demo.room import write_room
from orchestrator.storage.engine import Connection
from site_agent.link import identity as identities
from site_agent.roll_ledger import RollLedger
from tests.doubles.eventually import eventually
from tests.doubles.link_centre import LinkCentre, link_centre
from tests.doubles.proxy import Line, proxied
from wire.evidence import GENESIS, evidence_digest, verify_evidence
from wire.ids import EnrolmentId, RollCallId, SessionId, SiteId
from wire.messages import RollCallCount, RollCallOrder

pytestmark = pytest.mark.timeout(120)

PEOPLE = 9
START_S = 40.0


@asynccontextmanager
async def agent(home: Path, room: Path) -> AsyncIterator[None]:
    """The program as a school runs it, killed like a power cut when the block ends."""
    arguments = ("--home", str(home), "run", "--camera", str(room), "--headless", "--screen-port", "0")
    desk = ("--desk-bind", "127.0.0.1", "--desk-port", "0")
    with (home / "log").open("ab") as log:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "site_agent.cli", *arguments, *desk, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        child.kill()
        await child.wait()


def order(name: str, *, in_s: float) -> RollCallOrder:
    return RollCallOrder(
        roll_call=RollCallId(name),
        session=SessionId("s"),
        nonce=secrets.token_bytes(16),
        at_ns=time.time_ns() + round(in_s * 1e9),
        frames=3,
        span_ms=200,
    )


def chain_holds(public: bytes, found: list[RollCallCount]) -> bool:
    previous = GENESIS
    for record in found:
        if verify_evidence(public, record.evidence, record.signature).previous != previous:
            return False
        previous = evidence_digest(record.evidence)
    return True


async def test_counts_of_an_outage_arrive_once_although_the_program_was_killed_twice(tmp_path: Path) -> None:
    home, room, line = tmp_path / "home", tmp_path / "room", Line()
    home.mkdir()
    write_room(room, PEOPLE, frames=5)
    async with link_centre(tmp_path) as centre, proxied("127.0.0.1", centre.port, line):
        identity = centre.enrol(line.url)
        identities.save(home, identity)
        counts = collected(centre)

        def waiting() -> set[str]:
            return {each.roll_call for each in RollLedger(home).known.waiting}

        def kept() -> set[str]:
            return set(RollLedger(home).known.kept)

        async with agent(home, room):
            await eventually(lambda: identity.site in centre.links.linked(), START_S)
            first, second = order("first", in_s=3), order("second", in_s=12)
            for each in (first, second):
                assert centre.links.send(identity.site, each)
            await eventually(lambda: waiting() == {"first", "second"})
            line.partition()
            await eventually(lambda: kept() == {"first"}, START_S)
        assert counts == []
        async with agent(home, room):
            await eventually(lambda: kept() == {"first", "second"}, START_S)
        assert counts == []
        line.heal()
        async with agent(home, room):
            await eventually(lambda: identity.site in centre.links.linked(), START_S)
            # As attendance does for every roll call whose count it has not seen yet.
            for each in (first, second):
                centre.links.send(identity.site, each)
            await eventually(lambda: len(counts) >= 2, START_S)
            third = order("third", in_s=0.1)
            assert centre.links.send(identity.site, third)
            await eventually(lambda: len(counts) >= 3, START_S)
        assert [(record.roll_call, record.count) for record in counts] == [
            (name, PEOPLE) for name in ("first", "second", "third")
        ]
        assert [record.nonce for record in counts] == [first.nonce, second.nonce, third.nonce]
        assert chain_holds(identity.signer().public_key().public_bytes_raw(), counts)
        assert centre.troubles == []


def collected(centre: LinkCentre) -> list[RollCallCount]:
    counts: list[RollCallCount] = []

    def counted(
        _conn: Connection, _site: SiteId, _enrolment: EnrolmentId, _sequence: int, record: RollCallCount
    ) -> None:
        counts.append(record)

    centre.intake.on_record(RollCallCount, counted)
    return counts
