"""`GET /agent/time`: what another centre answers, for a site that compares several."""

from __future__ import annotations

import msgspec

from wire.messages import Ns

TIME_PATH = "/agent/time"


class TimeTold(msgspec.Struct, frozen=True, kw_only=True):
    """Body of the answer: centre time when the question came and when it was answered. Another `boot` of the centre
    has another anchor, so that what was learned of the one before says nothing of it."""

    boot: str
    t1_ns: Ns
    t2_ns: Ns
