"""The uplink of one district fails, and comes back: ``python -m tests.bench.district_uplink``.

A real centre process and 164 real links, each district behind the tests' TCP proxy. The proxy of one district (40
sites) stops passing octets, silently as a cut fibre does (or resets everything, with ``--how cut``). Told as it
happens: when the wall shows an alarm, with how many sites under it, when it is gone after the repair, and the incident
log of the centre in order. Counts are judged: one alarm, all sites under it, none left behind.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from site_agent.logs import configure
from tests.doubles.linked_province import LinkedProvince, linked_province
from tests.doubles.proxy import Line

DISTRICTS = {"Huyện Yên Hà": 40, "Thành phố Thanh Giang": 44, "Huyện Phú Vân": 40, "Thị xã Bình Lâm": 40}
FAILS = "Huyện Yên Hà"
GRACE_S = 65.0
"""From the centre's start: no longer the time in which it waits for its sites."""
RAISE_LIMIT_S, CLEAR_LIMIT_S = 90.0, 180.0
GOAL_S = 30.0


def main(argv: list[str] | None = None) -> int:
    """Tell the story; 1 if there was more than one alarm, a site was missing from it, or it did not clear."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.district_uplink")
    parser.add_argument("--how", choices=("silent", "cut"), default="silent")
    parser.add_argument("--stays-s", type=float, default=40.0, help="how long the uplink stays away")
    options = parser.parse_args(argv)
    configure("critical")
    with tempfile.TemporaryDirectory(prefix="diemcau-uplink-") as folder:
        return asyncio.run(tell(options, Path(folder)))


async def tell(options: argparse.Namespace, folder: Path) -> int:
    """The exit code."""
    began = time.monotonic()
    async with linked_province(folder, DISTRICTS, {"DIEMCAU_LOG__LEVEL": "info"}) as province:
        say(f"{province.online()} sites linked in {len(DISTRICTS)} districts after {time.monotonic() - began:.0f} s")
        await asyncio.sleep(max(0.0, GRACE_S - (time.monotonic() - began)))
        before = len(province.seen)
        line = province.lines[FAILS]
        failed = time.monotonic()
        _fail(line, options.how)
        say(f"  0.0 s  the uplink of {FAILS} fails ({options.how}), {DISTRICTS[FAILS]} sites behind it")
        raised = await province.until(lambda: bool(province.alarms), "an alarm", RAISE_LIMIT_S)
        whole = await province.until(lambda: _under(province) == DISTRICTS[FAILS], "all sites under it", RAISE_LIMIT_S)
        await asyncio.sleep(max(0.0, failed + options.stays_s - time.monotonic()))
        _story(province, before, failed)
        healed = time.monotonic()
        _heal(line, options.how)
        say(f"{healed - failed:5.1f} s  the uplink is back")
        shown = len(province.seen)
        cleared = await province.until(lambda: not province.alarms, "the end of the alarm", CLEAR_LIMIT_S)
        _story(province, shown, failed)
        return await _judge(province, before, raised - failed, whole - failed, cleared - healed)


def say(text: str) -> None:
    print(text, flush=True)


def _fail(line: Line, how: str) -> None:
    if how == "cut":
        line.partition()
    else:
        line.stall()


def _heal(line: Line, how: str) -> None:
    if how == "cut":
        line.heal()
    else:
        line.flow()


def _under(province: LinkedProvince) -> int:
    return max((len(alarm["sites"]) for alarm in province.alarms), default=0)


def _story(province: LinkedProvince, since: int, failed: float) -> None:
    told = None
    for at, alarms in province.seen[since:]:
        what = "; ".join(f"{each['name'] or each['scope']}: {len(each['sites'])} sites" for each in alarms)
        if what != told:
            say(f"{at - failed:5.1f} s  the wall shows {len(alarms)} alarm(s)  {what}")
            told = what


async def _judge(province: LinkedProvince, since: int, raised_s: float, whole_s: float, cleared_s: float) -> int:
    say("")
    say("the centre's incident log:")
    log: dict[str, Any] = await province.admin.get("/api/v1/alarms/log")
    for line in log["lines"]:
        clock = time.strftime("%H:%M:%S", time.localtime(line["at_ms"] / 1000))
        say(f"  {clock}.{line['at_ms'] % 1000:03}  {line['text'][:150]}")
    away = [line for line in log["lines"] if line["kind"] == "raised" and line["trouble"] == "away"]
    most = max((len(alarms) for _, alarms in province.seen[since:]), default=0)
    say("")
    say(f"an alarm after          {raised_s:6.1f} s   (goal: {GOAL_S:.0f} s)")
    say(f"all sites under it after{whole_s:6.1f} s   (goal: {GOAL_S:.0f} s)")
    say(f"gone after the repair   {cleared_s:6.1f} s   (agents call again within 30 s)")
    say(f"alarms raised in all: {len(away)}; most at once on the wall: {most}   (goal: 1 and 1)")
    return 0 if len(away) == 1 and most == 1 and not province.alarms else 1


if __name__ == "__main__":
    sys.exit(main())
