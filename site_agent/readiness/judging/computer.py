"""The computer itself: its address, its power, a restart that is due, its versions."""

import re

from site_agent.platform.computer import Address, Power, Restart
from site_agent.readiness.judging.said import bad, good, weak
from wire.readiness import Check, CheckName

SETTLED_NS = 24 * 3600 * 10**9
"""A lease that kept its address for so long is as good as a reservation."""
LOW_PERCENT = 40.0
LONG_UP_H = 24.0 * 30
OLDEST_BROWSER = 90
_OLD_WINDOWS = re.compile(r"^Windows-(XP|Vista|7|8|8\.1)\b", re.IGNORECASE)


def judge_address(address: Address, *, before: str, since_ns: int, now_ns: int) -> Check:
    """``before``: the address of an earlier day, empty when none is known; ``since_ns``: since when it is what it
    is."""
    name = CheckName.ADDRESS
    if not address.address:
        return bad(name, "no_network")
    if before and before != address.address and now_ns - since_ns < SETTLED_NS:
        return weak(name, "address_changed", note=f"{before} → {address.address}")
    if address.dynamic and now_ns - since_ns < SETTLED_NS:
        return weak(name, "address_dynamic", note=address.address)
    return good(name, note=address.address)


def judge_power(power: Power, *, held_awake: bool) -> Check:
    """``held_awake``: the system has promised not to sleep while the agent runs."""
    name = CheckName.POWER
    figures: dict[str, float] = {}
    if power.battery_percent is not None:
        figures["battery_percent"] = power.battery_percent
    if power.sleeps_after_min is not None:
        figures["sleeps_after_min"] = power.sleeps_after_min
    if power.plugged is False:
        low = power.battery_percent is not None and power.battery_percent < LOW_PERCENT
        return bad(name, "battery_low", figures) if low else weak(name, "on_battery", figures)
    return weak(name, "sleeps", figures) if power.sleeps_after_min and not held_awake else good(name, figures)


def judge_restart(restart: Restart) -> Check:
    """Whether the system waits for a restart, or has not had one for a month."""
    figures = {"up_h": restart.up_h}
    if restart.pending:
        return weak(CheckName.RESTART, "restart_pending", figures)
    return (
        weak(CheckName.RESTART, "up_too_long", figures)
        if restart.up_h > LONG_UP_H
        else good(CheckName.RESTART, figures)
    )


def judge_versions(
    *, agent: str, python: str, sqlite: str, system: str, browser: str, browser_needed: bool = True
) -> Check:
    """Everything in the note, for whoever asks later; what is too old is named."""
    name = CheckName.VERSIONS
    told = f"agent {agent} · Python {python} · SQLite {sqlite} · {browser or '–'} · {system}"
    major = re.search(r"(\d+)\.\d", browser)
    figures = {"browser_major": int(major[1])} if major else {}
    if browser_needed and not browser:
        return bad(name, "no_browser", figures, told)
    if major and int(major[1]) < OLDEST_BROWSER:
        return weak(name, "old_browser", figures, told)
    return weak(name, "old_system", figures, told) if _OLD_WINDOWS.match(system) else good(name, figures, told)
