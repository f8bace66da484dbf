"""What a hand-over lists, and who may do what with it."""

import msgspec
import pytest

from orchestrator.duty.handover import (
    LONGEST_NS,
    SHIFT_NS,
    TRANSITIONS,
    Handover,
    HandoverState,
    SiteName,
    Step,
    sheet,
    shift_began,
    step,
)
from orchestrator.duty.model import Caller, Outcome, call_entry, claimed, matters, note_entry
from orchestrator.duty.sheets import OUTCOME_WORDS, printed, tables
from orchestrator.errors import Refused
from wire.ids import SiteId

HERE, THERE, NEW = SiteId("site-a"), SiteId("site-b"), SiteId("site-c")
LAN, MINH = Caller("person-1", "Lan"), Caller("person-2", "Minh")
NOW = 1_800_000_000 * 10**9
OFFER = Handover("handover-1", "person-1", "Lan", "person-2", "Minh", NOW, NOW, "", HandoverState.OFFERED, None, 1)


def named(site: SiteId) -> SiteName:
    return SiteName(site[-1].upper(), f"Trường {site}", "Cô An", "0912")


def lan_s_list() -> dict[str, object]:
    book = [
        call_entry(HERE, LAN, Outcome.POWER, "hẹn 9 giờ", None, NOW),
        call_entry(THERE, MINH, Outcome.NO_ANSWER, "", None, NOW),
        note_entry(THERE, MINH, "gọi số của trường", NOW),
    ]
    made = sheet(
        LAN,
        "Minh",
        "trông điểm A",
        NOW - SHIFT_NS,
        NOW,
        claims=[claimed(None, NEW, LAN, NOW), claimed(None, THERE, MINH, NOW)],
        matters=matters(book),
        entries=book,
        name_of=named,
    )
    assert [line.site for line in made.held] == [NEW]
    assert [(line.site, line.outcome) for line in made.mine] == [(HERE, "power")]
    assert [(line.site, line.who) for line in made.others] == [(THERE, "Minh")]
    assert [line.outcome for line in made.done] == ["power", "no_answer", None]
    assert len(tables(made)[0].rows) == 3
    return printed(made)


def test_a_list_tells_what_the_giver_holds_what_is_open_and_what_was_done() -> None:
    told = lan_s_list()
    assert told["mine"] == [["A", "Trường site-a", "Cô An · 0912", "Chờ điện", "15:00", "15:30", "1", "hẹn 9 giờ"]]
    assert told["note"] == "trông điểm A"


def test_every_outcome_can_be_printed() -> None:
    assert set(OUTCOME_WORDS) == set(Outcome)


def test_a_shift_begins_where_it_was_taken_over_but_never_more_than_a_day_ago() -> None:
    assert shift_began(None, NOW) == NOW - SHIFT_NS
    assert shift_began(NOW - 5, NOW) == NOW - 5
    assert shift_began(0, NOW) == NOW - LONGEST_NS


@pytest.mark.parametrize("state", HandoverState)
@pytest.mark.parametrize("done", Step)
def test_only_an_open_offer_is_decided_and_only_by_whom_it_concerns(state: HandoverState, done: Step) -> None:
    known = msgspec.structs.replace(OFFER, state=state)
    right, wrong = (LAN, MINH) if done is Step.WITHDRAW else (MINH, LAN)
    if (state, done) not in TRANSITIONS:
        with pytest.raises(Refused, match="decided"):
            step(known, done, right, NOW)
        return
    with pytest.raises(Refused, match="not_yours"):
        step(known, done, wrong, NOW)
    after = step(known, done, right, NOW)
    assert (after.state, after.decided_ns, after.version) == (TRANSITIONS[state, done], NOW, 2)
