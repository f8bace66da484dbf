"""Who is away from their page, and since when."""

from site_agent.exam.hall import Hall, new_hall
from site_agent.exam.invigilation.presence import Presence, unsaved_s
from site_agent.exam.ledger import Session
from site_agent.exam.vault import Held
from site_agent.exam.window import Phase
from tests.doubles.centre_time import S
from wire.ids import Assurance, ExamId
from wire.paper import Manifest, Plan


class Silent:
    def send(self, text: str) -> None:
        del text


def open_hall() -> tuple[Hall, Session]:
    manifest = Manifest(ExamId("exam-1"), "Bài", 0, 7200, b"r" * 32, {"101": b"p" * 32}, Plan())
    hall = new_hall(Held(manifest, {}, [], cancelled=False, secret=None, release=None, missing=[]))
    hall.window.phase = Phase.OPEN
    session = Session("s1", manifest.exam, "AN", 1, "k", Assurance.PIN)
    hall.recall(session)
    return hall, session


def test_a_reload_is_not_an_absence_and_a_lost_phone_is() -> None:
    hall, session = open_hall()
    presence, page = Presence(), Silent()
    hall.seat(session, page)
    assert presence.look(hall, 0) == []
    hall.leave("AN", page)
    presence.look(hall, 10 * S)
    assert presence.away_s(hall, "AN", 25 * S) == 0
    assert presence.away_s(hall, "AN", 100 * S) == 90
    hall.seat(session, page)
    (gap,) = presence.look(hall, 130 * S)
    assert (gap.number, gap.from_ns, gap.gap_ns) == ("AN", 10 * S, 120 * S)
    assert presence.away_s(hall, "AN", 140 * S) == 0


def test_a_second_device_is_noticed_and_a_page_that_comes_back_is_not() -> None:
    hall, session = open_hall()
    presence, page = Presence(), Silent()
    hall.seat(session, page)
    hall.seat(session, page)
    presence.look(hall, 0)
    assert not presence.changed_device("AN", 1 * S)
    hall.seat(session, Silent())
    presence.look(hall, 2 * S)
    assert presence.changed_device("AN", 60 * S)
    assert not presence.changed_device("AN", 3600 * S)


def test_answers_that_wait_long_without_a_tick_are_trouble_and_one_on_its_way_is_not() -> None:
    hall, session = open_hall()
    page = Silent()
    hall.seat(session, page)
    hall.note_waiting("AN", page, 1, 0)
    assert unsaved_s(hall, "AN", 10 * S) == 0
    hall.note_waiting("AN", page, 3, 20 * S)
    assert (unsaved_s(hall, "AN", 20 * S), hall.waits["AN"].count) == (20, 3)
    hall.note_waiting("AN", Silent(), 0, 21 * S)
    assert unsaved_s(hall, "AN", 30 * S) == 30
    hall.note_waiting("AN", page, 0, 31 * S)
    assert unsaved_s(hall, "AN", 40 * S) == 0
    hall.note_waiting("AN", page, 2, 41 * S)
    hall.leave("AN", page)
    assert unsaved_s(hall, "AN", 90 * S) == 0
