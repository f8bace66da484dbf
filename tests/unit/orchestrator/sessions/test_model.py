"""The table of a session's states, and what a plan must fulfil."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest

from orchestrator.errors import Refused
from orchestrator.sessions.model import (
    ON_SCREEN,
    TRANSITIONS,
    Session,
    SessionOrder,
    SessionState,
    after,
    check_free,
    check_plan,
)
from wire.ids import SessionId, SiteId

PAIRS = [(state, order) for state in SessionState for order in SessionOrder]
SITES = frozenset({SiteId("site-a"), SiteId("site-b")})


def session(
    state: SessionState = SessionState.PLANNED, name: str = "session-1", sites: Iterable[SiteId] = SITES
) -> Session:
    return Session(SessionId(name), "Chuyên đề 1", None, "", 0, 1, frozenset(sites), state)


@pytest.mark.parametrize(("state", "order"), PAIRS)
def test_every_order_in_every_state_either_follows_the_table_or_changes_nothing(
    state: SessionState, order: SessionOrder
) -> None:
    before = session(state)
    target = TRANSITIONS[state].get(order)
    if target is None:
        with pytest.raises(Refused) as refused:
            after(before, order)
        assert refused.value.code == "illegal_order"
    else:
        assert after(before, order) == msgspec.structs.replace(before, state=target, version=1)


def test_ended_and_cancelled_are_final() -> None:
    assert TRANSITIONS[SessionState.ENDED] == TRANSITIONS[SessionState.CANCELLED] == {}


def test_a_plan_is_refused_with_all_its_faults() -> None:
    with pytest.raises(Refused) as refused:
        check_plan(" ", 5, 5, frozenset())
    assert len(refused.value.fields["faults"]) == 3  # type: ignore[arg-type]


def test_a_sound_plan_passes() -> None:
    assert check_plan("Chuyên đề", 0, 1, SITES) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize("state", list(SessionState))
def test_a_site_is_in_one_session_on_screen_only(state: SessionState) -> None:
    other = session(state, "session-2", {SiteId("site-b")})
    if state in ON_SCREEN:
        with pytest.raises(Refused) as refused:
            check_free(session(), [other])
        assert refused.value.fields["sites"] == ["site-b"]
    else:
        check_free(session(), [other, session(SessionState.LIVE)])
        assert not other.on_screen
