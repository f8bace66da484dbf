"""A phone that reached the desk, and the address at which it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_agent.readiness.memory import Memory
from site_agent.readiness.phone import PhoneDoor
from wire.readiness import CheckState

NOW_NS = 10**18


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path)


def door(memory: Memory) -> PhoneDoor:
    return PhoneDoor(
        memory, lambda: NOW_NS, address=lambda: memory.now.address, url=lambda: "http://10.0.0.5/", pages=Path("/none")
    )


async def test_a_phone_counts_that_came_before_the_computer_knew_its_own_address(memory: Memory) -> None:
    memory.put(phone_ns=NOW_NS, phone_address="")
    memory.put(address="10.0.0.5")
    [check] = await door(memory).look()
    assert check.state is CheckState.GOOD
    memory.put(address="10.0.0.9")
    [check] = await door(memory).look()
    assert check.state is CheckState.WAITING
