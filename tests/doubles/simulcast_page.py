"""Pages that publish several encodings of a drawn picture by WHIP, and that watch by WHEP, in a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from playwright.async_api import Page

from tests.doubles.picture_gaps import FOLLOW_GAPS

PAGE = "<!doctype html><meta charset=utf-8><title>simulcast</title><canvas></canvas><video muted autoplay></video>"

PUBLISH = """async ([url, width, height, fps, scales, bits, mime, port, told]) => {
  const canvas = document.querySelector("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  const noise = pen.createImageData(width, height / 3);
  let n = 0;
  setInterval(() => {
    n++;
    pen.fillStyle = `hsl(${n % 360} 60% 50%)`;
    pen.fillRect(0, 0, width, height);
    for (let at = 0; at < noise.data.length; at += 4) {
      const shade = (at * 7 + n * 13 + Math.random() * 60) & 255;
      noise.data[at] = noise.data[at + 1] = noise.data[at + 2] = shade;
      noise.data[at + 3] = 255;
    }
    pen.putImageData(noise, 0, (n * 3) % height);
    pen.fillStyle = "white";
    pen.font = `${height / 4}px sans-serif`;
    pen.fillText(String(n), 10, height / 2);
  }, 1000 / fps);
  const track = canvas.captureStream(fps).getVideoTracks()[0];
  const peer = (window.peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" }));
  const sendEncodings = scales.map((scale, at) => ({
    rid: "hml"[at], scaleResolutionDownBy: scale, maxBitrate: bits[at], maxFramerate: fps,
  }));
  const video = peer.addTransceiver(track, { direction: "sendonly", sendEncodings });
  const codecs = RTCRtpSender.getCapabilities("video").codecs;
  const baseline = (one) => /42e0/.test(one.sdpFmtpLine) && /mode=1/.test(one.sdpFmtpLine);
  const fits = (one) => one.mimeType === mime && (mime !== "video/H264" || baseline(one));
  video.setCodecPreferences([...codecs.filter(fits), ...codecs.filter(({ mimeType }) => mimeType === "video/rtx")]);
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const out = sound.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  peer.addTransceiver(out.stream.getAudioTracks()[0], { direction: "sendonly" });
  await peer.setLocalDescription();
  await new Promise((done) => {
    if (peer.iceGatheringState === "complete") return done();
    peer.onicegatheringstatechange = () => peer.iceGatheringState === "complete" && done();
    setTimeout(done, 1500);
  });
  const arrivals = /^a=(extmap:\\S+ \\S+transport-wide-cc\\S+|rtcp-fb:\\S+ transport-cc)\\r\\n/gm;
  const offer = peer.localDescription.sdp, body = told ? offer : offer.replace(arrivals, "");
  const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/sdp" }, body });
  let sdp = await answer.text();
  if (answer.status !== 201) throw new Error(sdp);
  if (port) sdp = sdp.replace(/^(a=candidate:\\S+ 1 udp \\d+ \\S+) \\d+/gm, `$1 ${port}`);
  await peer.setRemoteDescription({ type: "answer", sdp });
  return [...sdp.matchAll(/^a=rid:(\\S+) recv/gm)].map((one) => one[1]);
}"""

VIEW = """async ([url, port]) => {
  const peer = (window.peer = new RTCPeerConnection());
  FOLLOW_GAPS(peer);
  peer.addTransceiver("video", { direction: "recvonly" });
  peer.addTransceiver("audio", { direction: "recvonly" });
  const stream = new MediaStream();
  const video = document.querySelector("video");
  video.srcObject = stream;
  peer.ontrack = ({ track }) => stream.addTrack(track);
  await peer.setLocalDescription();
  const body = peer.localDescription.sdp;
  const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/sdp" }, body });
  let sdp = await answer.text();
  if (answer.status !== 201) throw new Error(sdp);
  if (port) sdp = sdp.replace(/^(a=candidate:\\S+ 1 udp \\d+ \\S+) \\d+/gm, `$1 ${port}`);
  await peer.setRemoteDescription({ type: "answer", sdp });
}""".replace("FOLLOW_GAPS", FOLLOW_GAPS)

WATCH = """async () => {
  const seen = { height: 0, frames: 0, freezes: 0, frozen: 0, lost: 0, gap: window.longestGap() };
  (await window.peer.getStats()).forEach((one) => {
    if (one.type !== "inbound-rtp" || one.kind !== "video") return;
    seen.height = one.frameHeight ?? 0;
    seen.frames = one.framesDecoded ?? 0;
    seen.freezes = one.freezeCount ?? 0;
    seen.frozen = one.totalFreezesDuration ?? 0;
    seen.lost = Math.max(0, one.packetsLost ?? 0);
  });
  return seen;
}"""

ENCODED = """async () => {
  for (const one of (await window.peer.getStats()).values())
    if (one.type === "outbound-rtp" && one.kind === "video" && one.rid === "h") return one.framesEncoded ?? 0;
  return 0;
}"""
"""Pictures that a lecturer's page has made in its full size."""


@asynccontextmanager
async def served() -> AsyncIterator[str]:
    """The empty page on 127.0.0.1, which browsers take for secure."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def publish(
    page: Page, url: str, width: int, height: int, fps: int, video: str = "h264", *, port: int = 0, told: bool = True
) -> list[str]:
    """Go on air; returns the encodings that the relay took. Chromium makes three from 960 x 540 on, else two.

    ``port``: by way of another UDP port of this computer; ``told``: ask to be told when packets came (transport-cc).
    """
    scales, bits = ([1, 2, 4], [1_200_000, 350_000, 120_000]) if height >= 540 else ([1, 2], [900_000, 200_000])
    mime = f"video/{video.upper()}"
    wanted = [url, width, height, fps, scales, bits, mime, port, told]
    rids: list[str] = await page.evaluate(PUBLISH, wanted)
    return rids


async def watch(page: Page, url: str, port: int = 0) -> None:
    """View; by way of another UDP port of this computer, if one is given."""
    await page.evaluate(VIEW, [url, port])
