"""Who may call a site, and what a call leaves open."""

import pytest

from orchestrator.duty.model import (
    CLAIM_NS,
    MINUTE_NS,
    NOTE_LIMIT,
    OUTCOMES,
    Caller,
    Entry,
    EntryKind,
    Held,
    Outcome,
    call_entry,
    claimed,
    matters,
    note_entry,
)
from orchestrator.errors import Refused
from wire.ids import SiteId

HERE, THERE = SiteId("site-a"), SiteId("site-b")
LAN, MINH = Caller("person-1", "Lan"), Caller("person-2", "Minh")
NOW = 1_800_000_000 * 10**9


def call(site: SiteId, caller: Caller, outcome: Outcome, minute: int, note: str = "") -> Entry:
    return call_entry(site, caller, outcome, note, None, NOW + minute * MINUTE_NS)


def test_a_free_site_is_claimed_for_ten_minutes() -> None:
    claim = claimed(None, HERE, LAN, NOW)
    assert (claim.name, claim.until_ns - NOW, claim.version) == ("Lan", CLAIM_NS, 1)


def test_a_second_caller_is_told_who_calls_and_until_when() -> None:
    claim = claimed(None, HERE, LAN, NOW)
    with pytest.raises(Held) as held:
        claimed(claim, HERE, MINH, NOW + CLAIM_NS - 1)
    assert held.value.status == 409
    assert held.value.fields == {"name": "Lan", "until_ms": claim.until_ns // 1_000_000}


def test_a_claim_whose_time_is_over_keeps_nobody_out() -> None:
    claim = claimed(None, HERE, LAN, NOW)
    taken = claimed(claim, HERE, MINH, claim.until_ns)
    assert (taken.name, taken.at_ns, taken.version) == ("Minh", claim.until_ns, 2)


def test_who_claims_again_holds_it_longer_and_since_the_first_time() -> None:
    claim = claimed(None, HERE, LAN, NOW)
    later = claimed(claim, HERE, LAN, NOW + MINUTE_NS)
    assert (later.at_ns, later.until_ns) == (NOW, NOW + MINUTE_NS + CLAIM_NS)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_closes_the_matter_or_says_when_to_look_again(outcome: Outcome) -> None:
    after = OUTCOMES[outcome]
    entry = call(HERE, LAN, outcome, 0)
    assert (entry.again_ns is None) == after.closes
    assert (matters([entry]) == []) == after.closes


def test_a_matter_counts_its_calls_and_keeps_the_last_word_on_it() -> None:
    (matter,) = matters(
        [
            call(HERE, LAN, Outcome.NO_ANSWER, 0, "máy bận"),
            call(HERE, MINH, Outcome.POWER, 6),
            note_entry(HERE, LAN, "thầy Bình giữ chìa khoá", NOW),
        ]
    )
    assert (matter.name, matter.outcome, matter.calls, matter.note) == ("Minh", Outcome.POWER, 2, "máy bận")
    assert (matter.since_ns, matter.at_ns) == (NOW, NOW + 6 * MINUTE_NS)


def test_matters_stand_in_the_order_in_which_somebody_looks_again() -> None:
    open_matters = matters([call(HERE, LAN, Outcome.TECHNICIAN, 0), call(THERE, LAN, Outcome.NO_ANSWER, 1)])
    assert [matter.site for matter in open_matters] == [THERE, HERE]


def test_after_a_hand_over_the_matter_is_the_taker_s() -> None:
    given = Entry(HERE, NOW, MINH.person, MINH.name, EntryKind.HANDOVER)
    (matter,) = matters([call(HERE, LAN, Outcome.POWER, 0), given])
    assert (matter.person, matter.outcome) == (MINH.person, Outcome.POWER)


@pytest.mark.parametrize("minutes", [-1, 24 * 60 + 1])
def test_nobody_looks_again_in_the_past_or_after_a_day(minutes: int) -> None:
    with pytest.raises(Refused, match="bad_time"):
        call_entry(HERE, LAN, Outcome.POWER, "", minutes, NOW)


@pytest.mark.parametrize(("note", "code"), [("  ", "empty_note"), ("x" * (NOTE_LIMIT + 1), "long_note")])
def test_a_note_says_something_and_not_too_much(note: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        note_entry(HERE, LAN, note, NOW)
