"""The floor as a fold: what rooms wish, what people do, what time brings."""

import pytest

from orchestrator.errors import Refused
from orchestrator.floor import model
from orchestrator.floor.model import By, Deed, Floor, Kind, Reason
from wire.ids import SessionId, SiteId

A, B, C = SiteId("site-a"), SiteId("site-b"), SiteId("site-c")
T0 = 1_000 * model.S
LAN = By("lan", "Nguyễn Thị Lan")


def floor(*hands: SiteId) -> Floor:
    """A floor with these hands up, a second apart."""
    made = Floor(SessionId("session-a"))
    for number, site in enumerate(hands):
        deed = Deed(made, T0 + number * model.S)
        model.wish(deed, site, f"wish-{site}", deed.now_ns, up=True)
        made = deed.floor
    return made


def at(before: Floor, seconds: float, by: By = LAN) -> Deed:
    return Deed(before, T0 + round(seconds * model.S), by)


def kinds(deed: Deed) -> list[tuple[Kind, SiteId, str]]:
    return [(what.kind, what.site, what.reason) for what in deed.happened]


def test_hands_stand_in_the_order_in_which_they_were_raised_not_in_which_they_came() -> None:
    deed = at(floor(A, B), 5)
    model.wish(deed, C, "wish-c", T0 + model.S // 2, up=True)
    assert [hand.site for hand in deed.floor.hands] == [A, C, B]
    assert [deed.floor.place_of(site) for site in (A, B, C)] == [1, 3, 2]


@pytest.mark.parametrize("said_s", [-3600, 3600])
def test_a_room_whose_clock_is_wrong_gets_no_better_place(said_s: int) -> None:
    deed = at(floor(A), 5)
    model.wish(deed, B, "wish-b", T0 + said_s * model.S, up=True)
    assert deed.floor.hands[-1] == model.Hand(B, deed.now_ns)


def test_a_wish_that_is_said_again_changes_nothing_even_after_the_hand_was_lowered_here() -> None:
    deed = at(floor(A), 5)
    model.dismiss(deed, A)
    model.wish(deed, A, "wish-site-a", T0, up=True)
    assert kinds(deed) == [(Kind.DISMISSED, A, "")]


def test_a_hand_that_is_raised_twice_keeps_its_place_and_is_heard() -> None:
    deed = at(floor(A, B), 9)
    model.wish(deed, A, "wish-2", deed.now_ns, up=True)
    assert deed.floor.place_of(A) == 1
    assert deed.floor.heard[A] == "wish-2"


def test_the_floor_goes_from_one_room_to_the_next_and_the_hand_is_down() -> None:
    deed = at(floor(A, B), 5)
    model.grant(deed, A, 60)
    model.grant(deed, B, 60)
    assert kinds(deed) == [(Kind.GRANTED, A, ""), (Kind.TAKEN_BACK, A, Reason.NEXT), (Kind.GRANTED, B, "")]
    assert deed.floor.hands == ()
    assert deed.floor.grant == model.Grant(B, deed.now_ns, deed.now_ns + 60 * model.S, LAN, asked=True)


def test_a_room_that_lowers_its_hand_while_it_speaks_gives_the_floor_back() -> None:
    deed = at(floor(A), 5)
    model.grant(deed, A, 60)
    model.wish(deed, A, "wish-2", deed.now_ns, up=False)
    assert kinds(deed)[-1] == (Kind.TAKEN_BACK, A, Reason.GIVEN_BACK)
    assert deed.floor.heard[A] == "wish-2"


def test_a_room_that_raises_its_hand_while_it_speaks_is_heard_and_has_no_hand() -> None:
    deed = at(floor(A), 5)
    model.grant(deed, A, 60)
    model.wish(deed, A, "wish-2", deed.now_ns, up=True)
    assert (deed.floor.hands, deed.floor.heard[A]) == ((), "wish-2")


def test_time_takes_the_floor_back_and_more_time_is_bounded() -> None:
    deed = at(floor(A), 0)
    model.grant(deed, A, 60)
    model.extend(deed, 30)
    for _ in range(3):
        model.extend(deed, model.MOST_S)
    held = deed.floor.grant
    assert held is not None
    assert held.until_ns == T0 + model.MOST_S * model.S
    later = at(deed.floor, model.MOST_S)
    model.pass_time(later, on_screen=True, gone=frozenset(), deserted=frozenset())
    assert kinds(later) == [(Kind.TAKEN_BACK, A, Reason.TIME)]


def test_a_room_that_went_away_has_lost_the_floor() -> None:
    deed = at(floor(A), 0)
    model.grant(deed, A, 60)
    model.pass_time(deed, on_screen=True, gone=frozenset({B}), deserted=frozenset())
    model.pass_time(deed, on_screen=True, gone=frozenset({A}), deserted=frozenset())
    assert kinds(deed)[1:] == [(Kind.TAKEN_BACK, A, Reason.GONE)]


def test_silencing_twice_is_one_thing() -> None:
    deed = at(floor(A), 0)
    model.grant(deed, A, 60)
    model.mute(deed, muted=True)
    model.mute(deed, muted=True)
    model.mute(deed, muted=False)
    assert [kind for kind, _, _ in kinds(deed)] == [Kind.GRANTED, Kind.MUTED, Kind.UNMUTED]


def test_a_private_word_takes_the_floor_and_keeps_it_away() -> None:
    deed = at(floor(A), 0)
    model.grant(deed, A, 60)
    model.take_aside(deed, A, "aside-1", 300)
    assert kinds(deed)[1] == (Kind.TAKEN_BACK, A, Reason.ASIDE)
    with pytest.raises(Refused, match="trao đổi riêng"):
        model.grant(deed, A, 60)
    with pytest.raises(Refused, match="Nguyễn Thị Lan"):
        model.take_aside(deed, A, "aside-2", 300)
    model.end_aside(deed, "aside-1", Reason.BY_PERSON)
    model.end_aside(deed, "aside-1", Reason.BY_PERSON)
    model.grant(deed, A, 60)
    assert deed.floor.asides == ()


@pytest.mark.parametrize(
    ("seconds", "gone", "deserted", "why"),
    [
        (300, frozenset[SiteId](), frozenset[str](), Reason.TIME),
        (1, frozenset({A}), frozenset[str](), Reason.GONE),
        (1, frozenset[SiteId](), frozenset({"aside-1"}), Reason.HOLDER_GONE),
    ],
)
def test_a_private_word_ends_by_itself(
    seconds: int, gone: frozenset[SiteId], deserted: frozenset[str], why: Reason
) -> None:
    deed = at(floor(), 0)
    model.take_aside(deed, A, "aside-1", 300)
    later = at(deed.floor, seconds)
    model.pass_time(later, on_screen=True, gone=gone, deserted=deserted)
    assert kinds(later) == [(Kind.ASIDE_OVER, A, why)]


def test_the_end_of_the_session_clears_the_floor() -> None:
    deed = at(floor(A, B), 3)
    model.grant(deed, A, 60)
    model.take_aside(deed, C, "aside-1", 300)
    model.pass_time(deed, on_screen=False, gone=frozenset(), deserted=frozenset())
    assert deed.floor.quiet


@pytest.mark.parametrize("seconds", [0, 14, 1801])
def test_nobody_speaks_for_ever_or_for_a_moment(seconds: int) -> None:
    with pytest.raises(Refused, match="Thời gian nói"):
        model.grant(at(floor(A), 0), A, seconds)


@pytest.mark.parametrize("act", [model.take_back, lambda deed: model.extend(deed, 60)])
def test_who_has_no_floor_loses_none(act: object) -> None:
    with pytest.raises(Refused, match="Không có điểm cầu nào"):
        act(at(floor(A), 0))  # type: ignore[operator]


def test_what_was_written_folds_to_what_stood() -> None:
    deed = at(floor(), 0)
    model.wish(deed, A, "wish-1", T0, up=True)
    model.wish(deed, B, "wish-2", T0, up=True)
    model.grant(deed, B, 60)
    model.mute(deed, muted=True)
    model.take_aside(deed, C, "aside-1", 60)
    assert model.fold(Floor(SessionId("session-a")), deed.happened) == deed.floor
    assert [what.version for what in deed.happened] == [1, 2, 3, 4, 5]
