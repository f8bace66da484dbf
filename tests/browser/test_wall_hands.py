"""A raised hand on the wall stands beside what a tile says and over none of it, at a desk and on a telephone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize, expect

from orchestrator.app.floor import FloorRow
from tests.doubles.alarm_wall import Drawn, alarm_wall
from tests.doubles.browsers import chromium, drawn, page_of, picture
from wire.ids import SiteId

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(90)]

SIZES = (ViewportSize(width=1920, height=1080), ViewportSize(width=390, height=844))
COVERED = """() => [...document.querySelectorAll('.tile')].flatMap(tile => {
  const mark = tile.querySelector('.tile-floor');
  if (!mark) return [];
  const over = mark.getBoundingClientRect();
  const seen = (box, within) => {
    let { left, top, right, bottom } = box;
    for (let at = within; at !== tile.parentElement; at = at.parentElement) {
      if (getComputedStyle(at).overflow === 'visible') continue;
      const clip = at.getBoundingClientRect();
      [left, top] = [Math.max(left, clip.left), Math.max(top, clip.top)];
      [right, bottom] = [Math.min(right, clip.right), Math.min(bottom, clip.bottom)];
    }
    return left < right && top < bottom && left < over.right && over.left < right && top < over.bottom - 1 &&
      over.top < bottom - 1;
  };
  const boxes = [...tile.querySelectorAll('.icon')].map(icon => ['icon', icon.parentElement, [icon]]);
  const words = document.createTreeWalker(tile, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(words.currentNode);
    boxes.push([words.currentNode.data, words.currentNode.parentElement, range]);
  }
  return boxes
    .filter(([, within]) => !mark.contains(within))
    .filter(([, within, drawn]) => (Array.isArray(drawn) ? drawn.map(one => one.getBoundingClientRect())
      : [...drawn.getClientRects()]).some(box => seen(box, within)))
    .map(([what]) => `${tile.className}: ${what}`);
})"""
"""What the mark of a hand covers, by tile: letters and icons, as far as nothing else cuts them off."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


@pytest.mark.parametrize("sites", [9, 46, 164])
async def test_a_raised_hand_covers_nothing_of_its_tile(browser: Browser, sites: int) -> None:
    walls = Drawn(sites)
    walls.silent = {SiteId(f"site-{at}") for at in range(0, sites, 11)}
    hands = [f"site-{at}" for at in range(0, sites, 3)]
    floor = FloorRow("session-1", "site-1", 0, muted=False, hands=hands, aside=["site-2"])
    async with alarm_wall(walls, [], floors=[floor]) as (url, _), page_of(browser, SIZES[0]) as page:
        await page.goto(url)
        for size in SIZES:
            await page.set_viewport_size(size)
            await expect(page.locator(".band-tiles .tile-floor, .sites .tile-floor")).to_have_count(len(hands) + 2)
            await drawn(page)
            await picture(page, f"hands-{sites}-{size['width']}")
            assert await page.evaluate(COVERED) == []
