"""How long a page went without a new picture, for pages that watch over a connection.

``freezeCount`` of getStats grows when the next picture comes, and not while a picture stands still or its track is
paused. So such a page counts decoded pictures ten times a second itself.
"""

from __future__ import annotations

FOLLOW_GAPS = """((peer) => {
  let decoded = 0, since = performance.now(), longest = 0;
  setInterval(async () => {
    for (const one of (await peer.getStats()).values()) {
      if (one.type !== "inbound-rtp" || one.kind !== "video" || !one.framesDecoded) continue;
      if (one.framesDecoded === decoded) continue;
      longest = Math.max(longest, performance.now() - since);
      [decoded, since] = [one.framesDecoded, performance.now()];
    }
  }, 100);
  window.longestGap = () => {
    const found = Math.max(longest, performance.now() - since) / 1000;
    longest = 0;
    return found;
  };
})"""
"""A function of the connection. Afterwards ``longestGap()`` gives the longest time without a new picture, in seconds,
since it was last asked; a gap that is still open counts from its beginning."""
