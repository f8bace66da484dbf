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


def door(memory: Memory, url: str = "http://10.0.0.5:8766/") -> PhoneDoor:
    return PhoneDoor(memory, lambda: NOW_NS, address=lambda: memory.now.address, url=lambda: url, pages=Path("/none"))


async def test_a_phone_counts_that_came_before_the_computer_knew_its_own_address(memory: Memory) -> None:
    memory.put(phone_ns=NOW_NS, phone_address="")
    memory.put(address="10.0.0.5")
    [check] = await door(memory).look()
    assert check.state is CheckState.GOOD
    memory.put(address="10.0.0.9")
    [check] = await door(memory).look()
    assert check.state is CheckState.WAITING


async def test_the_check_says_where_the_desk_is_found_for_the_slips_of_this_site(memory: Memory) -> None:
    memory.put(address="10.0.0.5")
    [check] = await door(memory).look()
    assert (check.state, check.desk) == (CheckState.WAITING, "http://10.0.0.5:8766/")
    [nowhere] = await door(memory, "http://127.0.0.1:8766/").look()
    assert nowhere.desk == ""
