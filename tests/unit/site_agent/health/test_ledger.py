"""The ledger of a site's health: small, and right after whatever happened to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from site_agent.health.ledger import Lost, SpanLedger
from wire.health import Facet, Span

S = 10**9


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SpanLedger]:
    made = SpanLedger(tmp_path / "health.sqlite3", most=10)
    yield made
    made.close()


def told(ledger: SpanLedger) -> list[tuple[str, str, int, int]]:
    return [(span.facet, span.state, span.from_ns // S, span.until_ns // S) for span in ledger.due(100)]


def look(ledger: SpanLedger, second: int, line: str = "up", screen: str = "playing") -> None:
    ledger.look({Facet.LINE: line, Facet.SCREEN: screen}, second * S, sure=True)


def test_while_the_line_stood_there_is_nothing_to_tell(ledger: SpanLedger) -> None:
    look(ledger, 0)
    look(ledger, 100, screen="dark")
    assert ledger.settle(200 * S) == 0
    assert told(ledger) == []


def test_of_an_outage_everything_is_told_that_touches_it(ledger: SpanLedger) -> None:
    look(ledger, 0, screen="dark")
    look(ledger, 500)
    look(ledger, 1000, line="down")
    look(ledger, 1500, line="down", screen="dark")
    look(ledger, 2000, screen="dark")
    assert ledger.settle(2005 * S) == 4
    assert told(ledger) == [
        ("line", "up", 0, 1000),
        ("screen", "playing", 500, 1500),
        ("line", "down", 1000, 2000),
        ("screen", "dark", 1500, 2005),
    ]


def test_a_line_that_blinked_is_no_outage(ledger: SpanLedger) -> None:
    look(ledger, 0)
    look(ledger, 100, line="down")
    look(ledger, 105)
    assert ledger.settle(200 * S) == 0


def test_an_agent_that_was_killed_was_off_from_where_it_was_last_seen(tmp_path: Path) -> None:
    first = SpanLedger(tmp_path / "health.sqlite3")
    look(first, 0, line="down")
    look(first, 60, line="down")
    first.close()
    second = SpanLedger(tmp_path / "health.sqlite3")
    second.resume(300 * S, sure=True)
    look(second, 300)
    second.settle(305 * S)
    assert told(second) == [("line", "down", 0, 60), ("screen", "playing", 0, 60), ("agent", "off", 60, 300)]
    second.close()


def test_what_is_in_the_outbox_is_let_go_and_no_number_comes_twice(ledger: SpanLedger) -> None:
    rows: list[int] = []
    for start in (0, 1000):
        look(ledger, start, line="down")
        look(ledger, start + 100)
        ledger.settle((start + 105) * S)
        spans = ledger.due(100)
        ledger.told(spans, ledger.lost())
        rows += [span.row for span in spans]
        assert ledger.due(100) == []
    assert len(rows) == len(set(rows)) > 2


def test_beyond_its_bound_the_oldest_make_room_and_are_counted(ledger: SpanLedger) -> None:
    for second in range(40):
        look(ledger, second * 10, line="down", screen="dark" if second % 2 else "playing")
    look(ledger, 400)
    ledger.settle(405 * S)
    kept = told(ledger)
    assert len(kept) <= 10
    assert ("line", "down", 0, 400) in kept
    lost = ledger.lost()
    assert lost.spans >= 30
    assert 0 < lost.until_ns < 400 * S
    ledger.told([], lost)
    assert ledger.lost().spans == 0


def test_a_clock_that_is_set_moves_what_was_noted_by_the_old_one(ledger: SpanLedger) -> None:
    ledger.look({Facet.LINE: "down"}, 100 * S, sure=False)
    ledger.look({Facet.LINE: "up"}, 200 * S, sure=False)
    ledger.shift(5000 * S, sure=True)
    ledger.settle(5300 * S)
    assert ledger.due(9) == [Span(1, "line", "down", 5100 * S, 5200 * S, sure=True)]


def test_a_clock_that_was_set_back_ends_no_span_before_it_began(ledger: SpanLedger) -> None:
    look(ledger, 1000, line="down")
    look(ledger, 900, line="down", screen="dark")
    look(ledger, 950)
    ledger.settle(955 * S)
    assert all(span.until_ns >= span.from_ns for span in ledger.due(100))


def test_nothing_is_lost_as_long_as_there_is_room(ledger: SpanLedger) -> None:
    look(ledger, 0)
    assert ledger.lost() == Lost()
