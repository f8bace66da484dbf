"""Looks at the computer itself: address, power, restart, versions."""

import asyncio
import platform
import sqlite3
from collections.abc import Callable, Sequence

from site_agent.platform.computer import Computer
from site_agent.readiness.judging.computer import judge_address, judge_power, judge_restart, judge_versions
from site_agent.readiness.memory import Memory
from wire.readiness import Check


class ComputerLooks:
    """``browsers``: programs that can show the big screen, ``browser_needed`` False where none is wanted;
    ``held_awake``: whether the system promised not to sleep."""

    def __init__(
        self,
        computer: Computer,
        memory: Memory,
        now_ns: Callable[[], int],
        *,
        agent_version: str,
        browsers: Callable[[], Sequence[str]],
        browser_needed: bool,
        held_awake: bool,
    ) -> None:
        self._computer = computer
        self._memory = memory
        self._now_ns = now_ns
        self._agent_version = agent_version
        self._browsers = browsers
        self._browser_needed = browser_needed
        self._held_awake = held_awake

    async def address(self) -> list[Check]:
        """The address now and that of before."""
        found = await asyncio.to_thread(self._computer.address)
        now_ns, known = self._now_ns(), self._memory.now
        if found.address and found.address != known.address:
            self._memory.put(address=found.address, address_since_ns=now_ns, address_before=known.address)
        known = self._memory.now
        return [judge_address(found, before=known.address_before, since_ns=known.address_since_ns, now_ns=now_ns)]

    async def power(self) -> list[Check]:
        """Battery and plan."""
        return [judge_power(await asyncio.to_thread(self._computer.power), held_awake=self._held_awake)]

    async def restart(self) -> list[Check]:
        """Whether one is due."""
        return [judge_restart(await asyncio.to_thread(self._computer.restart))]

    async def versions(self) -> list[Check]:
        """Agent, Python, SQLite, browser, system."""
        programs = self._browsers()
        browser = await asyncio.to_thread(self._computer.browser_version, programs[0]) if programs else ""
        check = judge_versions(
            agent=self._agent_version,
            python=platform.python_version(),
            sqlite=sqlite3.sqlite_version,
            system=platform.platform(),
            browser=browser or (programs[0] if programs else ""),
            browser_needed=self._browser_needed,
        )
        return [check]
