"""Silence turns a site late, silent, unknown by the clock alone; a heartbeat brings it back."""

from __future__ import annotations

import pytest

from orchestrator.presence.model import Presence, PresenceState, Thresholds, at, heard, linked, unlinked
from wire.ids import SiteId
from wire.messages import Heartbeat

S = 10**9
LIMITS = Thresholds(late_ns=12 * S, silent_ns=30 * S, unknown_ns=120 * S)
NEW = Presence(SiteId("site-1"))
BEAT = Heartbeat(at_ns=1, agent_version="0")


@pytest.mark.parametrize(
    ("quiet_s", "state"),
    [(0, "online"), (12, "online"), (13, "late"), (30, "late"), (31, "silent"), (120, "silent"), (121, "unknown")],
)
def test_silence_is_named_by_its_length(quiet_s: int, state: str) -> None:
    assert at(heard(NEW, BEAT, 100 * S), LIMITS, (100 + quiet_s) * S).state == state


def test_a_site_that_never_linked_stays_never() -> None:
    assert at(NEW, LIMITS, 10**18).state is PresenceState.NEVER


def test_a_heartbeat_brings_a_silent_site_back_and_dates_the_change() -> None:
    silent = at(heard(NEW, BEAT, 0), LIMITS, 40 * S)
    assert (silent.state, silent.since_ns) == ("silent", 40 * S)
    back = heard(silent, BEAT, 50 * S)
    assert (back.state, back.since_ns) == ("online", 50 * S)
    assert heard(back, BEAT, 55 * S).since_ns == 50 * S


def test_a_short_break_of_the_link_is_nothing() -> None:
    broken = unlinked(linked(NEW, 10 * S))
    assert not broken.linked
    assert at(broken, LIMITS, 15 * S).state is PresenceState.ONLINE
    assert at(broken, LIMITS, 25 * S).state is PresenceState.LATE
