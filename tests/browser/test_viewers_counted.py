"""What the benches' pages count themselves: connections where they are made, and the time without a new picture."""

from __future__ import annotations

from tests.doubles.browsers import chromium, page_of
from tests.doubles.picture_gaps import FOLLOW_GAPS
from tests.doubles.studio_browsers import COUNT, Room


async def test_each_connection_that_a_page_makes_is_counted_whoever_makes_it() -> None:
    async with chromium() as browser, page_of(browser) as page:
        await page.add_init_script(COUNT)
        await page.goto("about:blank")
        room = Room(page)
        assert await room.connections() == (0, [])
        offer = "async () => { window.peer = new RTCPeerConnection(); await window.peer.createOffer(); }"
        await page.evaluate(offer)
        assert await room.connections() == (1, [])
        assert not await room.connected_once()
        await page.evaluate(offer)
        assert (await room.connections())[0] == 2


async def test_a_picture_that_never_comes_again_is_a_gap_that_grows() -> None:
    peer = '{ getStats: async () => new Map([["v", { type: "inbound-rtp", kind: "video", framesDecoded: 7 }]]) }'
    async with chromium() as browser, page_of(browser) as page:
        await page.evaluate(f"() => {FOLLOW_GAPS}({peer})")
        grown = "() => new Promise(done => setInterval(() => window.longestGap() > 0.5 && done(true), 20))"
        assert await page.evaluate(grown)
