"""A real browser publishes by WHIP and another page of it views by WHEP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright

from tests.doubles.relay import RunningRelay, relay

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--headless=new",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]
PAGE = """<!doctype html><meta charset="utf-8"><title>relay</title><video id="v" autoplay playsinline></video><script>
const pc = new RTCPeerConnection();
let resource, answer;
async function post(url) {
  await pc.setLocalDescription(await pc.createOffer());
  const reply = await fetch(url, {method: 'POST', headers: {'Content-Type': 'application/sdp'},
                                  body: pc.localDescription.sdp});
  if (reply.status !== 201) throw new Error(reply.status + ' ' + await reply.text());
  answer = await reply.text();
  await pc.setRemoteDescription({type: 'answer', sdp: answer});
  resource = new URL(reply.headers.get('Location'), url);
}
async function restart() {
  const named = sdp => [/a=ice-ufrag:(\\S+)/.exec(sdp)[1], /a=ice-pwd:(\\S+)/.exec(sdp)[1]];
  await pc.setLocalDescription(await pc.createOffer({iceRestart: true}));
  const [ufrag, pwd] = named(pc.localDescription.sdp);
  const reply = await fetch(resource, {method: 'PATCH', body: `a=ice-ufrag:${ufrag}\\r\\na=ice-pwd:${pwd}\\r\\n`,
    headers: {'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*'}});
  if (reply.status !== 200) throw new Error(reply.status + ' ' + await reply.text());
  const fragment = await reply.text();
  const before = named(answer), now = named(fragment);
  answer = answer.replaceAll(before[0], now[0]).replaceAll(before[1], now[1]);
  await pc.setRemoteDescription({type: 'answer', sdp: answer});
  return [ufrag, now[0], reply.headers.get('ETag')];
}
async function publish(url, scales = []) {
  const media = await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 640, height: 360}});
  const sendEncodings = scales.map(scale => ({rid: 'r' + scale, scaleResolutionDownBy: scale}));
  for (const track of media.getTracks()) {
    const sizes = track.kind === 'video' && scales.length ? {sendEncodings} : {};
    pc.addTransceiver(track, {direction: 'sendonly', streams: [media], ...sizes});
  }
  return post(url);
}
async function view(url) {
  pc.addTransceiver('video', {direction: 'recvonly'});
  pc.addTransceiver('audio', {direction: 'recvonly'});
  pc.ontrack = event => { document.getElementById('v').srcObject = event.streams[0]; };
  return post(url);
}
async function figures() {
  const found = {state: pc.connectionState};
  for (const one of (await pc.getStats()).values()) {
    if (one.type === 'inbound-rtp' && one.kind === 'video') Object.assign(found, {decoded: one.framesDecoded,
      width: one.frameWidth, height: one.frameHeight, dropped: one.framesDropped, freezes: one.freezeCount,
      lost: one.packetsLost});
    if (one.type === 'inbound-rtp' && one.kind === 'audio')
      Object.assign(found, {energy: one.totalAudioEnergy, concealed: one.concealedSamples});
    if (one.type === 'outbound-rtp' && one.kind === 'video')
      Object.assign(found, {encoded: one.framesEncoded, target: one.targetBitrate});
    if (one.type === 'transport') Object.assign(found, {ufrag: one.iceLocalUsernameFragment, ice: one.iceState});
    if (one.type === 'codec' && one.mimeType.startsWith('video')) found.codec = one.mimeType;
  }
  return found;
}
</script>"""


@pytest.fixture(scope="module")
def running() -> Iterator[RunningRelay]:
    with relay("--open") as one:
        yield one


@pytest.fixture
async def origin() -> AsyncIterator[str]:
    """Where the test's page is served: a secure context, so that the camera may be used."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def until(page: Page, condition: str) -> None:
    """Wait for a condition on ``f``, the page's figures. (``wait_for_function`` takes a promise for true.)"""
    async with asyncio.timeout(60):
        while True:
            if await page.evaluate(f"figures().then(f => {condition})"):
                return
            await asyncio.sleep(0.2)


async def test_a_browser_publishes_and_another_page_sees_and_hears_it(running: RunningRelay, origin: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        early, lecturer, late = [await browser.new_page() for _ in range(3)]
        for page in (early, lecturer, late):
            await page.goto(origin)
        await early.evaluate(f"view('{running.whep('browser')}')")
        await lecturer.evaluate(f"publish('{running.whip('browser')}')")
        await until(early, "f.decoded > 60 && f.energy > 0.001 && f.codec === 'video/H264'")
        await late.evaluate(f"view('{running.whep('browser')}')")
        await until(late, "f.decoded > 30 && f.energy > 0.001")
        # The lecturer reloads the page: nobody who views has to do anything.
        await lecturer.reload()
        await lecturer.evaluate(f"publish('{running.whip('browser')}')")
        before = (await late.evaluate("figures()"))["decoded"]
        await until(late, f"f.decoded > {before} + 60 && f.state === 'connected'")
        await browser.close()


async def test_a_page_restarts_ice_and_goes_on_seeing(running: RunningRelay, origin: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        lecturer, viewer = [await browser.new_page() for _ in range(2)]
        for page in (lecturer, viewer):
            await page.goto(origin)
        await lecturer.evaluate(f"publish('{running.whip('restart')}')")
        await viewer.evaluate(f"view('{running.whep('restart')}')")
        await until(viewer, "f.decoded > 10")
        ufrag, theirs, tag = await viewer.evaluate("restart()")
        assert tag == f'"{theirs}"'
        before = (await viewer.evaluate("figures()"))["decoded"]
        await until(viewer, f"f.ufrag === '{ufrag}' && f.decoded > {before} + 30 && f.state === 'connected'")
        await browser.close()


async def test_where_vp8_is_the_codec_pages_speak_it_in_every_size(origin: str) -> None:
    key = {"X-Control-Key": "of-the-test"}
    environment = {"DIEMCAU_RELAY__CONTROL_KEY": key["X-Control-Key"]}
    with relay("--open", "--video", "vp8", environment=environment) as running:
        async with async_playwright() as playwright, aiohttp.ClientSession(headers=key) as http:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            lecturer, viewer = [await browser.new_page() for _ in range(2)]
            for page in (lecturer, viewer):
                await page.goto(origin)
            await lecturer.evaluate(f"publish('{running.whip('vp8')}')")
            await viewer.evaluate(f"view('{running.whep('vp8')}')")
            await until(viewer, "f.decoded > 30 && f.codec === 'video/VP8'")
            # Another lecturer follows: the pictures' numbers go on, so that the viewer shows them.
            await lecturer.reload()
            await lecturer.evaluate(f"publish('{running.whip('vp8')}', [1, 2])")
            before = (await viewer.evaluate("figures()"))["decoded"]
            await until(viewer, f"f.decoded > {before} + 60 && f.state === 'connected'")
            # It sends two sizes: after each change between them the pictures are decoded on.
            for rung, height in (("low", 180), ("full", 360)):
                async with http.put(f"{running.url}/streams/vp8/rungs", json={"": rung}) as ordered:
                    assert ordered.status == 204
                await until(viewer, f"f.height === {height}")
                before = (await viewer.evaluate("figures()"))["decoded"]
                await until(viewer, f"f.height === {height} && f.decoded > {before} + 30")
            await browser.close()
