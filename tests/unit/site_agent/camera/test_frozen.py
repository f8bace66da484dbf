"""A camera that gives one picture over and over is found while nobody counts."""

from site_agent.camera.frozen import EQUAL_LOOKS, FrozenWatch
from tests.doubles.camera import plain_room


def test_one_picture_at_every_look_and_after_it_is_frozen_until_another_comes() -> None:
    watch = FrozenWatch()
    for _ in range(EQUAL_LOOKS):
        assert not watch.wants_next
        watch.look(plain_room())
    assert (watch.wants_next, watch.is_frozen) == (True, False)
    watch.next(plain_room())
    assert watch.is_frozen
    watch.look(plain_room())
    assert watch.is_frozen
    watch.look(plain_room(1))
    assert not watch.is_frozen


def test_a_few_pictures_that_come_round_are_not_frozen() -> None:
    watch = FrozenWatch()
    for _ in range(EQUAL_LOOKS + 2):
        watch.look(plain_room(1))
        if watch.wants_next:
            watch.next(plain_room(2))
        assert not watch.is_frozen


def test_a_frame_that_a_driver_hands_out_twice_is_no_frozen_camera() -> None:
    watch = FrozenWatch()
    for seed in (1, 1, 2, 2, 3):
        watch.look(plain_room(seed))
    assert not watch.wants_next
