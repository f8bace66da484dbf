"""One lecture in two sizes over two Janus servers, seen and heard in a real browser at both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orchestrator.media.janus.plane import JanusPlane
from orchestrator.media.port import Rung
from orchestrator.media.tokens import Right
from tests.doubles.browsers import chromium, page_of
from tests.doubles.bundled_page import bundle, bundled_page, until_so
from tests.doubles.media_engines import janus_engine
from tests.doubles.small_day import until_told

STREAM = "ses-1-lecture"
FAR_FUTURE_NS = 1 << 62
PAGE = """<!doctype html><meta charset="utf-8"><title>janus</title><video id="v" autoplay playsinline></video>
<script src="/script.js"></script><script>
const pc = new RTCPeerConnection();
async function publish(url, token) {
  const media = await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 640, height: 360}});
  const sendEncodings = [[1, 900_000], [2, 200_000]].map(([scaleResolutionDownBy, maxBitrate], at) =>
    ({rid: 'hl'[at], scaleResolutionDownBy, maxBitrate}));
  for (const track of media.getTracks()) {
    const sent = track.kind === 'video' ? {sendEncodings} : {};
    pc.addTransceiver(track, {direction: 'sendonly', streams: [media], ...sent});
  }
  const h264 = RTCRtpSender.getCapabilities('video').codecs.filter(one => one.mimeType === 'video/H264');
  pc.getTransceivers().find(one => one.sender.track.kind === 'video').setCodecPreferences(h264);
  await pc.setLocalDescription();
  const headers = {'Content-Type': 'application/sdp', Authorization: `Bearer ${token}`};
  const reply = await fetch(url, {method: 'POST', headers, body: pc.localDescription.sdp});
  if (reply.status !== 201) throw new Error(reply.status + ' ' + await reply.text());
  await pc.setRemoteDescription({type: 'answer', sdp: await reply.text()});
}
async function view(url, token) {
  const stream = new MediaStream();
  pc.addTransceiver('video', {direction: 'recvonly'});
  pc.addTransceiver('audio', {direction: 'recvonly'});
  pc.ontrack = ({ track }) => { stream.addTrack(track); document.getElementById('v').srcObject = stream; };
  return Whep.connectWhep(pc, { url, token });
}
async function figures() {
  const found = {state: pc.connectionState};
  for (const one of (await pc.getStats()).values()) {
    if (one.type === 'inbound-rtp' && one.kind === 'video')
      Object.assign(found, {decoded: one.framesDecoded, height: one.frameHeight});
    if (one.type === 'inbound-rtp' && one.kind === 'audio') found.energy = one.totalAudioEnergy;
  }
  return found;
}
</script>"""


@pytest.fixture
async def origin(tmp_path: Path) -> AsyncIterator[str]:
    """A page that views with the screen's own WHEP."""
    script = tmp_path / "script.js"
    await bundle("export { connectWhep } from './src/screen/whep';", "Whep", script)
    async with bundled_page(PAGE, script) as url:
        yield url


async def test_a_lecture_over_two_servers_is_seen_and_heard_at_both(origin: str) -> None:
    async with (
        janus_engine() as engine,
        chromium() as browser,
        page_of(browser) as lecturer,
        page_of(browser) as one,
        page_of(browser) as other,
    ):
        assert isinstance(engine.plane, JanusPlane)
        for page in (lecturer, one, other):
            await page.goto(origin)
        publish, *views = (
            engine.plane.token("ses-1", STREAM, right, subject, FAR_FUTURE_NS)
            for right, subject in ((Right.PUBLISH, "person-1"), (Right.VIEW, "site-1"), (Right.VIEW, "site-2"))
        )
        await lecturer.evaluate("([url, token]) => publish(url, token)", [f"{engine.centre}/whip/{STREAM}", publish])
        await engine.stats_once(STREAM, lambda stats: stats.on_air)
        for page, view in zip((one, other), views, strict=True):
            await page.evaluate("([url, token]) => view(url, token)", [f"{engine.centre}/whep/{STREAM}", view])
        assert [hub.viewers for hub in engine.plane.hubs] == [1, 1]
        for page in (one, other):
            await until_so(page, "figures().then(f => f.decoded > 60 && f.energy > 0.001)")
            await until_so(page, "figures().then(f => f.height === 360)")
        await engine.plane.set_rungs(STREAM, {"site-2": Rung.LOW})
        await until_so(other, "figures().then(f => f.height === 180)")

        async def as_ordered() -> bool:
            told = {each.subject: (each.rung, each.why) for each in await engine.plane.viewers(STREAM)}
            return told == {"site-1": (Rung.FULL, "best"), "site-2": (Rung.LOW, "ordered")}

        await until_told(as_ordered, "one in full size, the other as ordered")
        await engine.plane.set_rungs(STREAM, {})
        await until_so(other, "figures().then(f => f.height === 360)")
        await until_so(one, "figures().then(f => f.height === 360)")
