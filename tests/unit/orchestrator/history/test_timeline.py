"""What the centre saw of a site joined with what the site tells afterwards."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.history.timeline import CENTRE, OFF, PRESENCE, RUNG, Change, Source, Stretch, along, lanes, painted
from wire.health import Facet, Span

END = 1000


def lane(changes: list[Change], spans: list[Span], facet: str = PRESENCE) -> list[tuple[int, int, str, str]]:
    (found,) = [each for each in lanes(changes, spans, 0, END) if each.facet == facet]
    return [(each.from_ns, each.until_ns, each.state, str(each.source)) for each in found.stretches]


def presence(*changes: tuple[int, str]) -> list[Change]:
    return [Change(PRESENCE, at, state) for at, state in changes]


AWAY = presence((0, "online"), (300, "silent"), (400, "unknown"), (800, "online"))


def test_before_anything_was_seen_nothing_is_known() -> None:
    assert lane([], []) == [(0, END, "unknown", "nobody")]


def test_silence_is_kept_as_silence_until_the_site_tells() -> None:
    assert lane(AWAY, []) == [
        (0, 300, "online", "seen"),
        (300, 400, "silent", "nobody"),
        (400, 800, "unknown", "nobody"),
        (800, END, "online", "seen"),
    ]


def test_what_the_site_tells_takes_the_place_of_unknown_and_of_nothing_else() -> None:
    told = [Span(1, Facet.LINE, "down", 280, 790)]
    assert lane(AWAY, told) == [
        (0, 300, "online", "seen"),
        (300, 790, "cut_off", "afterwards"),
        (790, 800, "unknown", "nobody"),
        (800, END, "online", "seen"),
    ]


def test_a_computer_that_was_off_is_told_from_one_that_only_had_no_line() -> None:
    told = [
        Span(1, Facet.LINE, "down", 300, 500),
        Span(2, Facet.AGENT, "off", 500, 700),
        Span(3, Facet.LINE, "down", 700, 800),
    ]
    assert [(each[0], each[2]) for each in lane(AWAY, told)] == [
        (0, "online"), (300, "cut_off"), (500, "off"), (700, "cut_off"), (800, "online"),
    ]  # fmt: skip


def test_a_screen_is_unknown_while_nobody_saw_it_and_then_what_the_site_says() -> None:
    seen = [*AWAY, Change(Facet.SCREEN, 0, "playing"), Change(Facet.SCREEN, 810, "playing")]
    assert [each[2] for each in lane(seen, [], Facet.SCREEN)] == ["playing", "unknown", "playing"]
    told = [Span(1, Facet.SCREEN, "playing", 250, 600), Span(2, Facet.SCREEN, "dark", 600, 800)]
    assert lane(seen, told, Facet.SCREEN) == [
        (0, 300, "playing", "seen"),
        (300, 600, "playing", "afterwards"),
        (600, 800, "dark", "afterwards"),
        (800, END, "playing", "seen"),
    ]


def test_while_the_computer_was_off_so_was_its_screen() -> None:
    seen = [*AWAY, Change(Facet.SCREEN, 0, "playing")]
    assert lane(seen, [Span(1, Facet.AGENT, "off", 300, 800)], Facet.SCREEN)[1] == (300, 800, "off", "afterwards")


def test_while_the_centre_was_down_nobody_watched_though_the_site_was_online() -> None:
    seen = [*presence((0, "online"), (700, "online")), Change(CENTRE, 400, OFF), Change(CENTRE, 690, "on")]
    assert [(each[0], each[2]) for each in lane(seen, [])] == [(0, "online"), (400, "unwatched"), (690, "online")]
    assert lane(seen, [Span(1, Facet.LINE, "down", 400, 690)])[1] == (400, 690, "cut_off", "afterwards")


def test_what_an_unset_clock_tells_says_so() -> None:
    assert lane(AWAY, [Span(1, Facet.LINE, "down", 300, 800, sure=False)])[1][3] == "unsure"


def test_a_span_that_never_lasted_changes_nothing() -> None:
    assert lane(AWAY, [Span(1, Facet.LINE, "down", 500, 500), Span(2, Facet.LINE, "down", 600, 500)]) == lane(AWAY, [])


moments = st.integers(-100, END + 100)


@given(
    st.lists(st.tuples(moments, st.sampled_from(["online", "late", "silent", "unknown"]))),
    st.lists(st.tuples(moments, moments, st.sampled_from([Facet.LINE, Facet.AGENT, Facet.SCREEN]))),
)
def test_every_lane_fills_the_window_without_a_gap_and_what_was_seen_stays(
    changes: list[tuple[int, str]], told: list[tuple[int, int, Facet]]
) -> None:
    states = {Facet.LINE: "down", Facet.AGENT: "off", Facet.SCREEN: "dark"}
    spans = [Span(row, facet, states[facet], since, until) for row, (since, until, facet) in enumerate(told)]
    seen = presence(*changes)
    made = lanes(seen, spans, 0, END)
    for each in made:
        edges = [(stretch.from_ns, stretch.until_ns) for stretch in each.stretches]
        assert [0, *(until for _, until in edges)] == [*(since for since, _ in edges), END]
    before = [s for s in lanes(seen, [], 0, END)[0].stretches if s.state in {"online", "late"}]
    after = [s for s in made[0].stretches if s.state in {"online", "late"}]
    assert after == before


def test_a_later_span_counts_from_where_it_begins() -> None:
    base = along([], 0, 10)
    over = [Stretch(0, 8, "a", Source.AFTERWARDS), Stretch(4, 6, "b", Source.AFTERWARDS)]
    assert [(s.from_ns, s.state) for s in painted(base, over, lambda _: True)] == [(0, "a"), (4, "b"), (6, "unknown")]


def test_how_much_of_the_lecture_came_is_a_lane_of_its_own_and_unknown_while_nobody_saw_the_room() -> None:
    seen = [*AWAY, Change(RUNG, 0, "none"), Change(RUNG, 100, "full"), Change(RUNG, 200, "low.weak_line")]
    assert [(each[0], each[2]) for each in lane(seen, [], RUNG)] == [
        (0, "none"), (100, "full"), (200, "low.weak_line"), (300, "unknown"), (800, "low.weak_line"),
    ]  # fmt: skip
