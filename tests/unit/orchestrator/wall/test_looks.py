"""Low-rate pictures: only of rooms that are looked at, within the budget, under the room's rule."""

from __future__ import annotations

import pytest

from orchestrator.wall.looks import (
    AGAIN_NS,
    BUDGET_PER_S,
    KEPT_NS,
    LOOK_NS,
    MOST_SITES,
    ORDER_NS,
    Looks,
    S,
    lets_out,
    pace,
)
from wire.ids import PicturePolicy, SiteId
from wire.rooms import Thumbnail

A, B = SiteId("site-a"), SiteId("site-b")
LET = {A: True, B: True}
FULL, BLURRED, NOTHING = PicturePolicy.FULL, PicturePolicy.BLURRED, PicturePolicy.COUNT_ONLY


def thumbnail(policy: PicturePolicy = BLURRED) -> Thumbnail:
    return Thumbnail(at_ns=1, width=320, height=180, policy=policy, jpeg=b"\xff\xd8jpeg")


def test_only_rooms_that_are_looked_at_are_asked_and_only_once() -> None:
    looks = Looks()
    assert looks.orders(LET, 0) == {}
    looks.look("look-1", "ann", [A], 0)
    assert set(looks.orders(LET, 0)) == {A}
    assert looks.orders(LET, S) == {}


def test_an_order_is_repeated_before_it_ends_and_ends_by_itself() -> None:
    looks = Looks()
    looks.look("look-1", "ann", [A], 0)
    (order,) = looks.orders(LET, 0).values()
    assert order.until_ns == ORDER_NS
    looks.look("look-1", "ann", [A], ORDER_NS - AGAIN_NS)
    (again,) = looks.orders(LET, ORDER_NS - AGAIN_NS).values()
    assert again.until_ns > order.until_ns
    silent = ORDER_NS - AGAIN_NS + LOOK_NS
    assert looks.orders(LET, silent) == {}
    assert looks.looked_at(silent) == []


def test_a_room_that_lets_no_picture_out_is_not_asked() -> None:
    looks = Looks()
    looks.look("look-1", "ann", [A, B], 0)
    assert set(looks.orders({A: True, B: False}, 0)) == {A}


def test_a_room_is_asked_again_when_its_computer_is_linked_anew() -> None:
    looks = Looks()
    looks.look("look-1", "ann", [A], 0)
    looks.orders(LET, 0)
    looks.linked_anew(A)
    assert set(looks.orders(LET, S)) == {A}


@pytest.mark.parametrize("sites", [1, 24, 120, MOST_SITES])
def test_all_rooms_together_stay_within_the_budget(sites: int) -> None:
    every_ms, width = pace(sites)
    assert sites / (every_ms / 1000) <= BUDGET_PER_S * 1.1
    assert 64 <= width <= 640
    assert 1_000 <= every_ms <= 3_600_000


def test_more_rooms_than_the_limit_are_cut_and_the_same_ones_stay() -> None:
    looks = Looks()
    sites = [SiteId(f"site-{at:04d}") for at in range(MOST_SITES + 50)]
    looks.look("look-1", "ann", sites[:200], 0)
    looks.look("look-2", "bob", sites[50:], 0)
    assert looks.looked_at(0) == sites[:MOST_SITES]


def test_a_look_tells_which_rooms_are_new_to_it_once() -> None:
    looks = Looks()
    assert looks.look("look-1", "ann", [A], 0) == {A}
    assert looks.look("look-1", "ann", [A, B], S) == {B}
    assert looks.look("look-1", "ann", [A], 2 * S) == frozenset()
    assert looks.look("look-1", "ann", [A], 2 * S + LOOK_NS) == {A}
    assert looks.look("look-2", "bob", [A], 2 * S) == {A}


def test_nobody_borrows_a_look() -> None:
    looks = Looks()
    looks.look("look-1", "ann", [A], 0)
    assert looks.looker("look-1", "ann", A, 1)
    assert not looks.looker("look-1", "bob", A, 1)
    assert not looks.looker("look-1", "ann", B, 1)
    looks.end("look-1", "bob")
    assert looks.looker("look-1", "ann", A, 1)
    looks.end("look-1", "ann")
    assert not looks.looker("look-1", "ann", A, 1)


def test_a_picture_that_nobody_asked_for_is_thrown_away() -> None:
    looks = Looks()
    assert not looks.take(A, thumbnail(), FULL, 0)
    assert looks.picture(A, FULL, 0) is None


def test_the_newest_picture_counts_and_grows_old() -> None:
    looks = Looks()
    looks.look("look-1", "ann", [A], 0)
    looks.orders(LET, 0)
    assert looks.take(A, thumbnail(), BLURRED, S)
    assert looks.take(A, thumbnail(BLURRED), FULL, 2 * S)
    kept = looks.picture(A, FULL, 2 * S)
    assert kept is not None
    assert kept.received_ns == 2 * S
    assert looks.picture(A, FULL, 2 * S + KEPT_NS + 1) is None


def test_a_stricter_rule_forgets_the_picture_at_once() -> None:
    looks = Looks()
    looks.look("look-1", "ann", [A], 0)
    looks.orders(LET, 0)
    looks.take(A, thumbnail(FULL), FULL, 0)
    assert looks.picture(A, BLURRED, 0) is None
    assert looks.picture(A, FULL, 0) is None


@pytest.mark.parametrize(
    ("rule", "made", "out"),
    [
        (FULL, FULL, True),
        (FULL, BLURRED, True),
        (BLURRED, BLURRED, True),
        (BLURRED, FULL, False),
        (NOTHING, BLURRED, False),
        (NOTHING, NOTHING, False),
        (FULL, NOTHING, False),
    ],
)
def test_a_picture_passes_only_under_a_rule_that_is_no_stricter(
    rule: PicturePolicy, made: PicturePolicy, out: bool
) -> None:
    assert lets_out(rule, made) is out
