"""A page in a real Chromium that watches one stream by WHEP and counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page

from tests.doubles.picture_gaps import FOLLOW_GAPS
from tests.doubles.small_day import until_told

WATCH = """async ([url, token]) => {
  const pc = window.pc = new RTCPeerConnection();
  FOLLOW_GAPS(pc);
  document.body.innerHTML = '<video autoplay playsinline></video>';
  for (const kind of ['video', 'audio']) pc.addTransceiver(kind, {direction: 'recvonly'});
  pc.ontrack = event => { document.querySelector('video').srcObject = event.streams[0]; };
  await pc.setLocalDescription(await pc.createOffer());
  const headers = {'Content-Type': 'application/sdp', Authorization: 'Bearer ' + token};
  const reply = await fetch(url, {method: 'POST', headers, body: pc.localDescription.sdp});
  if (reply.status !== 201) throw new Error(reply.status + ' ' + await reply.text());
  await pc.setRemoteDescription({type: 'answer', sdp: await reply.text()});
}""".replace("FOLLOW_GAPS", FOLLOW_GAPS)
FIGURES = """async () => {
  const found = {decoded: 0, energy: 0, width: 0, freezes: 0, gap: window.longestGap(), codec: ''};
  for (const one of (await window.pc.getStats()).values()) {
    if (one.type === 'inbound-rtp' && one.kind === 'video') Object.assign(found,
      {decoded: one.framesDecoded || 0, width: one.frameWidth || 0, freezes: one.freezeCount || 0});
    if (one.type === 'inbound-rtp' && one.kind === 'audio') found.energy = one.totalAudioEnergy || 0;
    if (one.type === 'codec' && one.mimeType.startsWith('video')) found.codec = one.mimeType;
  }
  return found;
}"""


@asynccontextmanager
async def watching(browser: Browser, origin: str, url: str, token: str) -> AsyncIterator[Page]:
    """A page at ``origin`` that watches ``url``."""
    page = await browser.new_page()
    await page.goto(f"{origin}/healthz")
    await page.evaluate(WATCH, [url, token])
    try:
        yield page
    finally:
        await page.close()


async def figures(page: Page) -> dict[str, Any]:
    """What it decoded so far; ``gap`` is the longest time without a new picture since it was last asked, in seconds."""
    found: dict[str, Any] = await page.evaluate(FIGURES)
    return found


async def until_decoded(page: Page, pictures: int, limit_s: float = 60.0) -> None:
    """Wait until so many pictures were decoded and sound was heard."""

    async def enough() -> bool:
        seen = await figures(page)
        return bool(seen["decoded"] >= pictures and seen["energy"] > 0.0005)

    await until_told(enough, f"{pictures} pictures and sound", limit_s)
