"""Clients that others wrote speak WHIP and WHEP with our relay: the packages whip-whep and @eyevinn/whip-web-client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.doubles.browsers import chromium, page_of
from tests.doubles.bundled_page import bundle, bundled_page, until_so
from tests.doubles.relay import relay

ENTRY = """
export { WHIPClient as Medooze } from 'whip-whep/whip.js';
export { WHEPClient } from 'whip-whep/whep.js';
export { WHIPClient as Eyevinn } from '@eyevinn/whip-web-client';
"""
PAGE = """<!doctype html><meta charset="utf-8"><title>foreign</title><video id="v" autoplay playsinline></video>
<script src="/script.js"></script><script>
let pc, client;
const media = () => navigator.mediaDevices.getUserMedia({audio: true, video: {width: 640, height: 360}});
async function medooze(url) {
  const stream = await media();
  pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  for (const track of stream.getTracks()) pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  client = new Foreign.Medooze();
  await client.publish(pc, url, '');
}
async function eyevinn(url) {
  client = new Foreign.Eyevinn({ endpoint: url, opts: { debug: false } });
  await client.ingest(await media());
}
async function view(url) {
  const stream = new MediaStream();
  pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  pc.addTransceiver('audio', { direction: 'recvonly' });
  pc.addTransceiver('video', { direction: 'recvonly' });
  pc.ontrack = ({ track }) => { stream.addTrack(track); document.getElementById('v').srcObject = stream; };
  client = new Foreign.WHEPClient();
  await client.view(pc, url, '');
}
async function decoded() {
  const found = { pictures: 0, energy: 0 };
  for (const one of (await pc.getStats()).values()) {
    if (one.type === 'inbound-rtp' && one.kind === 'video') found.pictures = one.framesDecoded;
    if (one.type === 'inbound-rtp' && one.kind === 'audio') found.energy = one.totalAudioEnergy;
  }
  return found;
}
</script>"""


@pytest.fixture
async def origin(tmp_path: Path) -> AsyncIterator[str]:
    script = tmp_path / "script.js"
    await bundle(ENTRY, "Foreign", script)
    async with bundled_page(PAGE, script) as url:
        yield url


async def plays_on(page: Page) -> None:
    """Pictures and sound go on coming from now on."""
    before = await page.evaluate("decoded()")
    pictures, energy = before["pictures"] + 40, before["energy"] + 0.0005
    await until_so(page, f"decoded().then(now => now.pictures > {pictures} && now.energy > {energy})")


async def test_foreign_clients_publish_view_and_leave(origin: str) -> None:
    with relay("--open") as running:
        async with chromium() as browser, page_of(browser) as viewer, page_of(browser) as lecturer:
            for page in (viewer, lecturer):
                await page.goto(origin)
            await viewer.evaluate("url => view(url)", running.whep())
            await lecturer.evaluate("url => medooze(url)", running.whip())
            await plays_on(viewer)
            await lecturer.evaluate("client.stop()")
            await lecturer.evaluate("url => eyevinn(url)", running.whip())
            await plays_on(viewer)
            await lecturer.evaluate("client.destroy()")
            await viewer.evaluate("client.stop()")
