"""Who is away from their page, and since when."""

from site_agent.exam.hall import Hall, new_hall
from site_agent.exam.invigilation.presence import Presence
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
