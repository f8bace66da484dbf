"""Boxes on the same face are one."""

from site_agent.camera.boxes import Box, merge, overlap


def test_a_box_inside_another_overlaps_it_wholly() -> None:
    assert overlap(Box(0, 0, 100, 100, 0.9), Box(40, 40, 20, 20, 0.7)) == 1.0


def test_boxes_side_by_side_do_not_overlap() -> None:
    assert overlap(Box(0, 0, 10, 10, 0.9), Box(10, 0, 10, 10, 0.9)) == 0.0


def test_a_nested_box_is_dropped_and_the_surer_one_stays() -> None:
    nose, face = Box(40, 40, 30, 30, 0.65), Box(0, 0, 100, 100, 0.93)
    assert merge([nose, face]) == [face]


def test_neighbours_who_overlap_a_little_both_stay() -> None:
    left, right = Box(0, 0, 20, 26, 0.9), Box(12, 3, 20, 26, 0.8)
    assert merge([left, right]) == [left, right]


def test_a_box_without_area_overlaps_nothing() -> None:
    assert overlap(Box(0, 0, 0, 0, 0.9), Box(0, 0, 10, 10, 0.9)) == 0.0


def test_nothing_merges_to_nothing() -> None:
    assert merge([]) == []
