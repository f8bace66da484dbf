"""What a hall says of itself."""

import pytest

from site_agent.exam.hall import Hall, keep_roster, new_hall
from site_agent.exam.ledger import Session
from site_agent.exam.sitting import Entry
from site_agent.exam.vault import Held
from site_agent.exam.window import Phase, anchor
from tests.doubles.centre_time import S, reading
from wire.chain import GENESIS, EventKind, JournalEvent
from wire.ids import Assurance, ClockState, ExamId
from wire.paper import Manifest, Plan
from wire.roster import RosterEntry

T0, LEAD = 100_000, 60


def hall(phase: Phase) -> Hall:
    plan = Plan(1800.0, float(LEAD), 1800.0, 20.0)
    manifest = Manifest(ExamId("exam-1"), "Bài", T0 * S, 7200, b"r" * 32, {"101": b"p" * 32}, plan)
    made = new_hall(Held(manifest, {}, [], cancelled=False, secret=None, release=None, missing=[]))
    made.window.phase = phase
    return made


@pytest.mark.parametrize(
    ("phase", "at_s", "needed"),
    [
        (Phase.SEALED, T0 - LEAD - 1, False),
        (Phase.SEALED, T0 - LEAD, True),
        (Phase.WAITING, T0 + 5, True),
        (Phase.ARMED, T0 - 1, False),
        (Phase.OPEN, T0 + 5, False),
        (Phase.MISSED, T0 + 5, False),
    ],
)
def test_the_line_is_needed_from_the_release_on_while_secret_or_papers_lack(
    phase: Phase, at_s: int, needed: bool
) -> None:
    assert hall(phase).in_need(reading(at_s)) is needed


DAY = 24 * 3600


@pytest.mark.parametrize(
    ("wall_s", "needed"),
    [
        (T0 - 1200, True),
        (T0 - 23 * 365 * DAY, True),
        (T0 + 3600, True),
        (T0 - 5 * DAY, False),
    ],
    ids=["20 min slow", "BIOS 2002", "an hour fast", "an exam of next week"],
)
def test_who_does_not_know_the_time_calls_for_the_code_of_an_exam_that_may_be_now(wall_s: int, needed: bool) -> None:
    sealed = hall(Phase.SEALED)
    lost = reading(wall_s, mono_s=500, state=ClockState.BLIND, bound_ms=None)
    assert sealed.in_need(lost) is needed
    assert sealed.card(lost).wants_code
    assert not hall(Phase.ARMED).card(lost).wants_code


def test_a_program_that_has_just_begun_waits_for_the_centre_before_it_calls_for_a_code() -> None:
    begun = reading(T0 - 1200, mono_s=500, began_s=495, state=ClockState.BLIND, bound_ms=None)
    assert not hall(Phase.SEALED).in_need(begun)
    assert not hall(Phase.SEALED).card(begun).wants_code


class Page:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def send(self, text: str) -> None:
        self.heard.append(text)


def test_a_guest_from_a_site_that_opened_earlier_is_told_at_their_own_end() -> None:
    """This site opened 20 minutes after the guest's: the window goes on, the guest's time does not."""
    site = hall(Phase.OPEN)
    opened = reading(T0 + 1200)
    site.window.opened = anchor(opened)
    own = RosterEntry("AN", "An", "101", b"", b"a" * 16)
    site.guests["BA"] = RosterEntry("BA", "Ba", "101", b"", b"b" * 16, -1200)
    keep_roster(site, [own])
    assert site.window.longest_extra_s == 0
    for number in ("AN", "BA"):
        site.recall(Session(f"s-{number}", site.exam, number, 1, "k", Assurance.VOUCHER))
        event = JournalEvent(site.exam, number, 1, EventKind.SIGN_IN, None, None, 0, None, f"s-{number}", 0)
        site.take(Entry(1, event, 1, GENESIS, b"h" * 32))
    site.pages |= {"AN": (an := Page()), "BA": (ba := Page())}
    before = reading(T0 + 7199)
    assert (site.to_close(before), site.next_end_ns(before)) == ([], S)
    end = reading(T0 + 7200)
    assert not site.is_live("BA", end)
    assert site.to_close(end) == ["BA"]
    for _ in range(2):
        site.tell_over(end)
    assert (len(an.heard), len(ba.heard)) == (0, 1)
    assert '"closed"' in ba.heard[0]
    last = reading(T0 + 1200 + 7200)
    assert site.to_close(last) == ["AN", "BA"]
    assert site.next_end_ns(reading(T0 + 1200 + 7199)) is not None
