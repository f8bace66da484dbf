"""How often the picture freezes on a bad line, with repair and without: ``python -m tests.bench.loss_rtx``.

A lecturer and a viewer in real Chromium, the real relay between them, and a UDP proxy on each one's line: so many
datagrams lost at random and so much delay each way. Frozen time is what the viewer's getStats calls
``totalFreezesDuration``, plus the time since its last picture when the measurement ends; or the seconds in which no
picture came, where those are more: at a picture every two seconds getStats takes that for usual. Three ways, one
after the other: RTX (RFC 4588), lost packets sent again as they were, and nothing sent again. In all of them the viewer
keeps pictures in hand by the rule of the room's screen (dashboard/src/screen/cushion.ts). The first ten seconds, in
which it learns its line, are told apart.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page, async_playwright

from tests.bench.goals import judged
from tests.doubles.browsers import CHROMIUM, FLAGS, MADE_UP_CAMERA
from tests.doubles.bundled_page import bundle, bundled_page
from tests.doubles.relay import RunningRelay, relay
from tests.doubles.udp_line import Way, udp_line

WIDTH, HEIGHT = 480, 270
SETTLED, SETTLING_S = 90, 10
MOST_FROZEN = 0.01
LEAST_SEEN = 0.9
LOSS_OFF = 0.25
"""How far what the line lost may be from what was asked, as a share of it: chance, in some thousands of packets."""
ENTRY = 'export * from "./src/screen/cushion";'
PAGE = """<!doctype html><meta charset="utf-8"><title>loss</title>
<video id="v" autoplay playsinline muted width="64" height="36"></video>
<script src="/script.js"></script><script>
const pc = new RTCPeerConnection();
async function ask(url, port, repair) {
  const codecs = RTCRtpReceiver.getCapabilities('video').codecs.filter(one => one.mimeType !== 'video/rtx');
  for (const one of pc.getTransceivers())
    if (repair !== 'rtx' && one.receiver.track.kind === 'video') one.setCodecPreferences(codecs);
  const offer = await pc.createOffer();
  // What is asked for follows the own description, not the answer.
  const sdp = repair === 'none' ? offer.sdp.replace(/a=rtcp-fb:\\d+ nack\\r\\n/g, '') : offer.sdp;
  await pc.setLocalDescription({type: 'offer', sdp});
  const reply = await fetch(url, {method: 'POST', headers: {'Content-Type': 'application/sdp'},
                                  body: pc.localDescription.sdp});
  if (reply.status !== 201) throw new Error(reply.status + ' ' + await reply.text());
  const answer = (await reply.text()).replace(/(a=candidate:1 1 udp \\d+ \\S+) \\d+/, port ? '$1 ' + port : '$&');
  await pc.setRemoteDescription({type: 'answer', sdp: answer});
}
function moving(width, height) {
  const canvas = Object.assign(document.createElement('canvas'), {width, height}), pen = canvas.getContext('2d');
  setInterval(() => {
    for (let n = 0; n < 14; n++) {
      pen.fillStyle = `hsl(${Math.random() * 360} 60% 50%)`;
      pen.fillRect(Math.random() * width, Math.random() * height, 40, 30);
    }
  }, 40);
  return canvas.captureStream(25).getTracks();
}
async function publish(url, port, repair, width, height) {
  const sound = await navigator.mediaDevices.getUserMedia({audio: true});
  for (const track of [...sound.getTracks(), ...moving(width, height)])
    pc.addTransceiver(track, {direction: 'sendonly', streams: [sound]});
  await ask(url, port, repair);
}
async function view(url, port, repair) {
  pc.addTransceiver('video', {direction: 'recvonly'});
  pc.addTransceiver('audio', {direction: 'recvonly'});
  const video = document.getElementById('v');
  pc.ontrack = event => { video.srcObject = event.streams[0]; };
  await ask(url, port, repair);
  let kept = cushion.noCushion;
  setInterval(async () => {
    kept = cushion.cushioned(kept, cushion.lineOf((await pc.getStats()).values()), performance.now());
    cushion.lay(pc, kept);
    keptMs = kept.targetMs;
  }, 250);
}
let keptMs = null;
let shown = 0, shownAt = 0;
async function figures() {
  const found = {kept: keptMs};
  for (const one of (await pc.getStats()).values()) {
    if (one.type === 'inbound-rtp' && one.kind === 'video') {
      if (one.framesDecoded !== shown) { shown = one.framesDecoded; shownAt = performance.now(); }
      Object.assign(found, {decoded: one.framesDecoded, frozen: one.totalFreezesDuration ?? 0,
        freezes: one.freezeCount ?? 0,
        lost: one.packetsLost, received: one.packetsReceived, repaired: one.retransmittedPacketsReceived ?? 0,
        nacks: one.nackCount, plis: one.pliCount, since: (performance.now() - shownAt) / 1000,
        bytes: one.bytesReceived});
    }
    if (one.type === 'outbound-rtp' && one.kind === 'video')
      Object.assign(found, {encoded: one.framesEncoded, sent: one.packetsSent, again: one.retransmittedPacketsSent,
        keys: one.keyFramesEncoded, bytes: one.bytesSent});
  }
  return found;
}
</script>"""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What one way of repair came to."""

    repair: str
    seconds: float
    frozen_s: float
    freezes: int
    pictures: int
    kbps: float
    lost_on_the_line: float
    repaired: int
    keyframes: int
    encoded: int
    """Pictures that the lecturer made meanwhile."""
    learning_s: float
    """Frozen before the measurement, while the line was learnt."""
    kept_ms: int
    """What the viewer had in hand at the end; 0 is the browser's own choice."""

    @property
    def frozen_share(self) -> float:
        return self.frozen_s / self.seconds


async def settles(page: Page) -> None:
    """Until the viewer has decoded a few seconds of pictures; without repair it may never."""
    for _ in range(100):
        if (await page.evaluate("figures()")).get("decoded", 0) >= SETTLED:
            return
        await asyncio.sleep(0.2)


async def measure(
    browser: Browser,
    url: str,
    running: RunningRelay,
    repair: str,
    *,
    seconds: float,
    loss: float,
    delay_s: float,
    both: bool,
) -> Outcome:
    """One way of repair; the viewer's line is bad, and the lecturer's where ``both``."""
    stream, target = f"loss-{repair}", ("127.0.0.1", running.udp_port)
    ways = [Way(loss=loss, delay_s=delay_s) for _ in range(4)]
    with (
        udp_line(target, ways[0], ways[1], seed=1) as down,
        udp_line(target, ways[2], ways[3], seed=2) if both else nullcontext() as up,
    ):
        lecturer, viewer = await browser.new_page(), await browser.new_page()
        await lecturer.goto(url)
        await viewer.goto(url)
        from_port = up.port if up is not None else 0
        size = f"{WIDTH}, {HEIGHT}"
        await lecturer.evaluate(f"publish('{running.whip(stream)}', {from_port}, '{repair}', {size})")
        await viewer.evaluate(f"view('{running.whep(stream)}', {down.port}, '{repair}')")
        await settles(viewer)
        await asyncio.sleep(SETTLING_S)
        before, sent = await viewer.evaluate("figures()"), await lecturer.evaluate("figures()")
        lost, carried = down.down.lost, down.down.carried
        after, dark = before, 0
        for _ in range(int(seconds)):
            # Read each second, so that the age of the last picture is known, and whether there was one.
            await asyncio.sleep(1)
            decoded, after = after.get("decoded", 0), await viewer.evaluate("figures()")
            dark += after.get("decoded", 0) == decoded
        sent_after = await lecturer.evaluate("figures()")
        lost, carried = down.down.lost - lost, down.down.carried - carried
        for page in (lecturer, viewer):
            await page.close()
    # A viewer to whom no packet ever came has no figures: frozen all the time.
    still = min(after.get("since", seconds), seconds)

    def grown(name: str) -> float:
        return float(after.get(name, 0) - before.get(name, 0))

    return Outcome(
        repair,
        int(seconds),
        max(grown("frozen") + (still if still > 1 else 0.0), float(dark)),
        int(grown("freezes")),
        int(grown("decoded")),
        grown("bytes") * 8 / 1000 / seconds,
        lost / max(1, lost + carried),
        int(grown("repaired")),
        sent_after["keys"] - sent["keys"],
        sent_after["encoded"] - sent["encoded"],
        before.get("frozen", 0.0),
        after["kept"] or 0,
    )


def goals(outcomes: list[Outcome], loss: float) -> dict[str, bool]:
    """What must hold; what was not measured does not. A line that loses less than was asked proves nothing, and a
    picture that stands still does not always count as frozen in getStats: so pictures are counted too."""
    with_rtx = next((one for one in outcomes if one.repair == "rtx"), None)
    return {
        f"frozen at most {MOST_FROZEN:.0%} of the time with RTX": with_rtx is not None
        and with_rtx.frozen_share <= MOST_FROZEN,
        f"with RTX at least {LEAST_SEEN:.0%} of the lecturer's pictures decoded": with_rtx is not None
        and with_rtx.pictures >= LEAST_SEEN * max(1, with_rtx.encoded),
        "with RTX lost packets came again": with_rtx is not None and with_rtx.repaired > 0,
        "measured beside it with RTX off": any(one.repair != "rtx" for one in outcomes),
        f"each line lost about {loss:.0%}": bool(outcomes)
        and all(abs(one.lost_on_the_line - loss) <= LOSS_OFF * loss for one in outcomes),
    }


def table(outcomes: list[Outcome]) -> str:
    """For people."""
    head = "repair   frozen    freezes  pictures/s  kbit/s  lost on the line  repaired  keyframes  before  in hand"
    lines = [
        f"{one.repair:<8} {100 * one.frozen_share:5.2f} % {one.freezes:9d} {one.pictures / one.seconds:11.1f}"
        f" {one.kbps:7.0f} {100 * one.lost_on_the_line:15.1f} % {one.repaired:9d} {one.keyframes:10d}"
        f" {one.learning_s:5.2f} s {one.kept_ms:4d} ms"
        for one in outcomes
    ]
    return "\n".join([head, *lines])


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Chromium with a made-up camera."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--headless=new", *FLAGS, *MADE_UP_CAMERA]
        )
        yield browser
        await browser.close()


async def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 when with RTX more of the time was frozen than may be, or it was not measured."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.loss_rtx", description=__doc__)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--loss", type=float, default=0.05, help="each way")
    options.add_argument("--delay-ms", type=float, default=80.0, help="each way")
    options.add_argument("--repair", nargs="*", default=["rtx", "again", "none"])
    options.add_argument("--one-line", action="store_true", help="only the viewer's line is bad")
    chosen = options.parse_args(arguments)
    outcomes = []
    with TemporaryDirectory() as folder, relay("--open") as running:
        script = Path(folder) / "script.js"
        await bundle(ENTRY, "cushion", script)
        for repair in chosen.repair:
            async with chromium() as browser, bundled_page(PAGE, script) as url:
                outcomes.append(
                    await measure(
                        browser,
                        url,
                        running,
                        repair,
                        seconds=chosen.seconds,
                        loss=chosen.loss,
                        delay_s=chosen.delay_ms / 1000,
                        both=not chosen.one_line,
                    )
                )
    lines = "the viewer's line" if chosen.one_line else "the lecturer's line and the viewer's"
    print(
        f"Chromium to Chromium, {WIDTH}x{HEIGHT} H.264, {chosen.loss:.0%} lost and {chosen.delay_ms:.0f} ms each way "
        f"on {lines}, {chosen.seconds:.0f} s each"
    )
    print(table(outcomes))
    return judged(goals(outcomes, chosen.loss))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
