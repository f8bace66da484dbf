"""A lecturer's narrow uplink with a deep queue: ``python -m tests.bench.narrow_uplink [WIDTH HEIGHT FPS]``.

A lecturer in real Chromium publishes two encodings through a line of 700 kbit/s that holds two seconds of packets
before it loses one, as many a router does; a viewer in real Chromium has a good line. Once without feedback of when
packets came (transport-cc is taken out of the offer) and once with it. Told each second: how long a packet waits in the
line, what the line carries and loses, what the lecturer's browser takes the line for, and the viewer's picture.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

import msgspec
from playwright.async_api import Page

from tests.bench.goals import judged
from tests.bench.quantiles import quantile
from tests.doubles.browsers import chromium
from tests.doubles.relay import RunningRelay, relay
from tests.doubles.simulcast_page import WATCH, publish, served, watch
from tests.doubles.udp_line import UdpLine, Way, udp_line

QUEUE_S = 2.0
LOOK_S = 0.05
BEGINNING_S = 10
MOST_WAIT_S = 0.3
LEAST_SHARE = 0.5
LINE = """async () => {
  const found = { kbps: 0, height: 0 };
  (await window.peer.getStats()).forEach((one) => {
    if (one.type === "candidate-pair" && one.nominated) found.kbps = (one.availableOutgoingBitrate ?? 0) / 1000;
    if (one.type === "outbound-rtp" && one.kind === "video")
      found.height = Math.max(found.height, one.frameHeight ?? 0);
  });
  return found;
}"""


class Lecturer(msgspec.Struct, frozen=True):
    """What the lecturer's browser says of itself."""

    kbps: float
    """What it takes its line for."""
    height: int


class Second(msgspec.Struct, frozen=True):
    """What was seen in one second."""

    waits: Sequence[float]
    """How long a packet that entered the line would have waited, in seconds, looked at every 50 ms."""
    carried_bps: float
    lost: int
    line_kbps: float
    frames: int
    height: int


class Outcome(msgspec.Struct, frozen=True):
    """One way, second by second."""

    name: str
    seconds: Sequence[Second]

    def waits(self, begin: int, end: int) -> list[float]:
        return sorted(wait for second in self.seconds[begin:end] for wait in second.waits)

    @property
    def settled(self) -> Sequence[Second]:
        return self.seconds[BEGINNING_S:]


async def look(line: UdpLine, lecturer: Page, viewer: Page) -> Second:
    """One second of it."""
    loop = asyncio.get_running_loop()
    began, carried, lost, waits = loop.time(), line.up.carried_bytes, line.up.lost, list[float]()
    while loop.time() - began < 1:
        waits.append(max(0.0, line.up.free_at - loop.time()))
        await asyncio.sleep(LOOK_S)
    own = msgspec.convert(await lecturer.evaluate(LINE), Lecturer)
    seen = await viewer.evaluate(WATCH)
    took = loop.time() - began
    bps = (line.up.carried_bytes - carried) * 8 / took
    return Second(waits, bps, line.up.lost - lost, own.kbps, seen["frames"], seen["height"])


async def measure(running: RunningRelay, size: tuple[int, int, int], kbps: int, seconds: int, *, told: bool) -> Outcome:
    """One way; prints a row a second."""
    name = "with" if told else "without"
    up = Way(rate_bps=kbps * 1000, queue_s=QUEUE_S)
    stream, rows = f"uplink-{name}", list[Second]()
    with udp_line(("127.0.0.1", running.udp_port), up) as line:
        async with chromium() as browser, served() as address:
            lecturer, viewer = await browser.new_page(), await browser.new_page()
            for page in (lecturer, viewer):
                await page.goto(address)
            await watch(viewer, running.whep(stream))
            await publish(lecturer, running.whip(stream), *size, port=line.port, told=told)
            print(f"{name} feedback of arrivals")
            for n in range(seconds):
                row = await look(line, lecturer, viewer)
                rows.append(row)
                print(
                    f"{n:5d} s  waits {1000 * quantile(row.waits, 0.5):5.0f} ms, at most {1000 * max(row.waits):5.0f}"
                    f"   carried {row.carried_bps / 1000:4.0f} kbit/s, lost {row.lost:3d}"
                    f"   taken for {row.line_kbps:5.0f} kbit/s   viewer {row.height:4d}p {row.frames:5d} pictures",
                    flush=True,
                )
    return Outcome(name, rows)


def tell(outcome: Outcome) -> None:
    """The figures that count."""
    for words, begin, end in (("first", 0, BEGINNING_S), ("then", BEGINNING_S, len(outcome.seconds))):
        waits, some = outcome.waits(begin, end), outcome.seconds[begin:end]
        kbps = sum(one.carried_bps for one in some) / len(some) / 1000
        print(
            f"{outcome.name:8} {words:5}  waits: half below {1000 * quantile(waits, 0.5):5.0f} ms, 95 of 100 below "
            f"{1000 * quantile(waits, 0.95):5.0f} ms; carried {kbps:4.0f} kbit/s, "
            f"lost {sum(one.lost for one in some)}"
        )


async def main(arguments: list[str] | None = None) -> int:
    """Measure both ways and print; 1 when a goal is missed."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.narrow_uplink", description=__doc__)
    options.add_argument("size", nargs="*", type=int, metavar="WIDTH HEIGHT FPS")
    options.add_argument("--seconds", type=int, default=30)
    options.add_argument("--kbps", type=int, default=700, help="of the lecturer's line")
    chosen = options.parse_args(arguments)
    width, height, fps = chosen.size or [320, 180, 15]
    print(
        f"{width} x {height}, {fps} pictures a second; uplink {chosen.kbps} kbit/s, "
        f"loses what would wait longer than {QUEUE_S:.0f} s"
    )
    with relay("--open") as running:
        without, fed = [
            await measure(running, (width, height, fps), chosen.kbps, chosen.seconds, told=told)
            for told in (False, True)
        ]
    for one in (without, fed):
        tell(one)
    waits, before = (one.waits(BEGINNING_S, chosen.seconds) for one in (fed, without))
    share = sum(one.carried_bps for one in fed.settled) / len(fed.settled) / (chosen.kbps * 1000)
    pictures = fed.settled[-1].frames - fed.settled[0].frames
    return judged(
        {
            f"with feedback 95 of 100 waits below {MOST_WAIT_S * 1000:.0f} ms": quantile(waits, 0.95) <= MOST_WAIT_S,
            "half of them shorter than without": quantile(waits, 0.5) < quantile(before, 0.5),
            f"at least {LEAST_SHARE:.0%} of the line used": share >= LEAST_SHARE,
            "nothing lost": sum(one.lost for one in fed.settled) == 0,
            "pictures went on": pictures >= fps * len(fed.settled) / 3,
        }
    )


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
