import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from site_agent.exam.journal import Journal, JournalRefused
from site_agent.exam.ledger import Opening
from site_agent.exam.sitting import Entry, Sitting
from site_agent.exam.window import anchor
from tests.doubles.centre_time import reading
from tests.doubles.exam_drafts import EXAM, draft, seat
from tests.doubles.lost_answers import LostAnswers
from wire.chain import GENESIS, EventKind, check_chain, receipt
from wire.codec import decode_record
from wire.exam_home import Seat, chain_on
from wire.ids import ClockState, ItemId, OptionId
from wire.messages import ExamClosed, ExamEvent, ExamOpened


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    opened = Journal(tmp_path / "journal.sqlite3")
    await opened.start()
    yield opened
    await opened.stop()


async def entries(journal: Journal, candidate: str = "SBD001") -> list[Entry]:
    past = await journal.past()
    return [entry for entry in past.entries if entry.event.candidate == candidate]


async def kinds(journal: Journal) -> list[EventKind]:
    return [entry.event.kind for entry in await entries(journal)]


async def test_answers_of_many_candidates_form_one_chain_each(journal: Journal) -> None:
    numbers = [f"SBD{n:03d}" for n in range(20)]
    for number in numbers:
        await seat(journal, f"s-{number}", number)
    await asyncio.gather(
        *(
            journal.append(draft(seq, f"i{seq}", candidate=number, session=f"s-{number}"))
            for seq in range(1, 11)
            for number in numbers
        )
    )
    for number in numbers:
        chain = await entries(journal, number)
        assert len(chain) == 11
        check_chain((entry.event, entry.prev, entry.hash) for entry in chain)


async def test_saying_it_twice_says_it_once(journal: Journal) -> None:
    await seat(journal)
    first = await journal.append(draft(1))
    again = await journal.append(draft(1))
    assert again.repeated
    assert again.entry == first.entry
    assert await kinds(journal) == [EventKind.SIGN_IN, EventKind.ANSWER]


async def test_the_same_key_with_another_answer_is_a_conflict_and_overwrites_nothing(journal: Journal) -> None:
    await seat(journal)
    await journal.append(draft(1, option="a"))
    for _ in range(3):
        written = await journal.append(draft(1, option="b"))
    assert written.repeated
    assert await kinds(journal) == [EventKind.SIGN_IN, EventKind.ANSWER, EventKind.CONFLICT]
    state = Sitting()
    for entry in await entries(journal):
        state.take(entry)
    assert {item: placed.option for item, placed in state.answers.items()} == {"i1": "a"}


async def test_an_answer_of_an_earlier_session_does_not_undo_a_later_choice(journal: Journal) -> None:
    await seat(journal, "old")
    later = await seat(journal, "new")
    assert later.epoch == 2
    await journal.append(draft(1, "i1", "b", session="new", epoch=2))
    overtaken = await journal.append(draft(9, "i1", "a", session="old", epoch=1))
    missing = await journal.append(draft(10, "i2", "a", session="old", epoch=1))
    assert overtaken.entry.event.kind is EventKind.ASIDE
    assert missing.entry.event.kind is EventKind.ANSWER


async def test_what_comes_after_the_close_or_the_hand_in_is_kept_and_does_not_count(journal: Journal) -> None:
    await seat(journal)
    late = await journal.append(draft(1, live=False))
    assert late.entry.event.kind is EventKind.LATE
    handed = await journal.append(draft(2, kind=EventKind.HAND_IN))
    assert handed.entry.event.kind is EventKind.HAND_IN
    after = await journal.append(draft(3))
    assert after.entry.event.kind is EventKind.ASIDE
    state = Sitting()
    for entry in await entries(journal):
        state.take(entry)
    assert state.receipt == receipt(handed.entry.hash)


async def test_the_desk_marks_opening_and_close_once(journal: Journal) -> None:
    await seat(journal)
    for _ in range(2):
        await journal.mark([draft(0, session="", kind=EventKind.OPEN)])
    for _ in range(2):
        await journal.mark([draft(0, session="", kind=EventKind.CLOSE)])
    assert await kinds(journal) == [EventKind.SIGN_IN, EventKind.OPEN, EventKind.CLOSE]


async def test_a_restart_finds_everything_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    first = Journal(path)
    await first.start()
    session = await seat(first)
    written = await first.append(draft(1))
    opening = Opening(EXAM, anchor(reading(50)), 49, 51)
    await first.open_window(opening, ExamOpened(exam=EXAM, lo_ns=49, hi_ns=51, clock=ClockState.SYNCED))
    await first.stop()
    second = Journal(path)
    await second.start()
    past = await second.past()
    assert past.sessions == [session]
    assert past.openings == [opening]
    assert past.entries[-1] == written.entry
    assert (await second.append(draft(1))).repeated
    after = await second.append(draft(2, option="b"))
    assert after.entry.prev == written.entry.hash
    await second.stop()


async def test_a_window_opens_and_closes_once(journal: Journal) -> None:
    record = ExamOpened(exam=EXAM, lo_ns=49, hi_ns=51, clock=ClockState.SYNCED)
    opening = Opening(EXAM, anchor(reading(50)), 49, 51)
    assert [await journal.open_window(opening, record) for _ in range(2)] == [True, False]
    assert [await journal.close_window(EXAM, at) for at in (90, 91)] == [True, False]
    records = [decode_record(body) for _, body in await journal.bodies(0, 10)]
    assert records == [record, ExamClosed(exam=EXAM, at_ns=90)]


async def test_every_entry_is_a_record_for_the_centre_in_order(journal: Journal) -> None:
    await seat(journal)
    await journal.append(draft(1))
    rows = await journal.bodies(0, 10)
    assert [row for row, _ in rows] == [1, 2]
    records = [decode_record(body) for _, body in rows]
    assert [record.kind for record in records if isinstance(record, ExamEvent)] == [EventKind.SIGN_IN, EventKind.ANSWER]


async def test_who_listens_hears_of_an_entry_whose_page_has_gone(journal: Journal) -> None:
    heard: list[EventKind] = []
    journal.written = lambda entry: heard.append(entry.event.kind)
    await seat(journal)
    page = asyncio.gather(journal.append(draft(1)))
    await asyncio.sleep(0)
    page.cancel()
    await journal.append(draft(2, option="b"))
    assert heard == [EventKind.SIGN_IN, EventKind.ANSWER, EventKind.ANSWER]


async def test_a_second_agent_on_the_same_computer_is_refused(
    journal: Journal, tmp_path: Path, count_lost: LostAnswers
) -> None:
    await seat(journal)
    acked = {(await journal.append(draft(seq, f"i{seq}"))).entry.hash for seq in range(1, 6)}
    second = Journal(tmp_path / "journal.sqlite3")
    with pytest.raises(JournalRefused) as refused:
        await second.start()
    assert refused.value.code == "disk_busy"
    acked |= {(await journal.append(draft(seq, f"i{seq}"))).entry.hash for seq in range(6, 11)}
    count_lost(acked, {entry.hash for entry in await entries(journal)})


async def test_a_closed_journal_acknowledges_nothing(journal: Journal) -> None:
    await journal.stop()
    with pytest.raises(JournalRefused):
        await journal.append(draft(1))


async def test_a_piece_of_work_that_is_wrong_in_itself_takes_nobody_of_its_group_along(journal: Journal) -> None:
    await seat(journal)

    def wrong(conn: sqlite3.Connection) -> None:
        conn.execute("INSERT INTO record(body, exam) VALUES (x'00', 'nobody')")
        raise ValueError("a fault in the work itself")

    def twice(conn: sqlite3.Connection) -> None:
        conn.execute("INSERT INTO window(exam, opened, lo_ns, hi_ns) VALUES ('e', x'00', 1, 1)")
        conn.execute("INSERT INTO window(exam, opened, lo_ns, hi_ns) VALUES ('e', x'00', 1, 1)")

    told = await asyncio.gather(
        journal.append(draft(1, "i1")),
        journal.alongside(wrong),
        journal.append(draft(2, "i2")),
        journal.alongside(twice),
        journal.append(draft(3, "i3")),
        return_exceptions=True,
    )
    assert [type(one).__name__ for one in told] == ["Written", "ValueError", "Written", "JournalRefused", "Written"]
    chain = await entries(journal)
    check_chain((entry.event, entry.prev, entry.hash) for entry in chain)
    assert [entry.event.client_seq for entry in chain] == [0, 1, 2, 3]
    rows = await journal.alongside(lambda conn: conn.execute("SELECT count(*) FROM record").fetchone()[0])
    assert rows == 4
    assert await journal.alongside(lambda conn: conn.execute("SELECT count(*) FROM window").fetchone()[0]) == 0


async def test_every_event_has_its_place_in_the_journals_chain(journal: Journal) -> None:
    for number in ("SBD001", "SBD002"):
        await seat(journal, f"s-{number}", number)
    await journal.append(draft(1, candidate="SBD002", session="s-SBD002"))
    records = [decode_record(body) for _, body in await journal.bodies(0, 10)]
    events = [record for record in records if isinstance(record, ExamEvent)]
    assert [(event.journal, event.place) for event in events] == [(journal.id, place) for place in (1, 2, 3)]
    tip = await journal.tip(EXAM)
    chain = GENESIS
    for event in events:
        chain = chain_on(chain, event.hash)
    assert (tip.places, tip.chain) == (3, chain)


async def test_what_was_written_elsewhere_is_gone_on_from(journal: Journal) -> None:
    """A candidate comes with a chain of 7 events; what is written here follows on it, also after a restart."""
    head = b"h" * 32
    brought = Seat(number="SBD001", head=head, length=7, answers={ItemId("i9"): OptionId("c")}, sealed_entry=b"x")
    assert len(await journal.seat(EXAM, [brought])) == 1
    assert await journal.seat(EXAM, [brought]) == []
    await seat(journal)
    (entry,) = await entries(journal)
    assert (entry.prev, entry.event.cand_seq) == (head, 8)
    past = await journal.past()
    assert [seed.seat for seed in past.seeds] == [brought]
