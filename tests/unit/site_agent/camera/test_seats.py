"""A place counts when a face was seen there often enough."""

from hypothesis import given
from hypothesis import strategies as st

from site_agent.camera.boxes import Box
from site_agent.camera.seats import Seat, find_seats, vote


def face(x: float, y: float = 100.0, width: float = 20.0) -> Box:
    return Box(x - width / 2, y - width / 2, width, width, 0.9)


def counted(frames: list[list[Box]]) -> int:
    return len(vote(find_seats(frames), len(frames)))


def test_a_person_who_sways_stays_one_person() -> None:
    assert counted([[face(100 + sway)] for sway in (0, 6, -4, 8, -6, 0, 5, -5, 7, 0)]) == 1


def test_a_person_who_looks_down_half_of_the_time_is_counted() -> None:
    assert counted([[face(100)] if frame % 2 else [] for frame in range(10)]) == 1


def test_a_person_who_walks_through_is_not_counted() -> None:
    assert counted([[face(100), face(300 + 60 * frame)] for frame in range(10)]) == 1


def test_neighbours_close_together_are_two() -> None:
    assert counted([[face(100 + sway), face(118 + sway)] for sway in (0, 3, -3, 4, -4)]) == 2


def test_people_seen_in_turn_all_count_though_no_frame_shows_them_all() -> None:
    people = [face(100 + 50 * number) for number in range(9)]
    frames = [[person for number, person in enumerate(people) if number % 3 != frame % 3] for frame in range(10)]
    assert max(len(frame) for frame in frames) == 6
    assert counted(frames) == 9


def test_three_frames_of_ten_are_enough_and_two_are_not() -> None:
    seats = [Seat(face(0), 3), Seat(face(100), 2)]
    assert vote(seats, 10) == [seats[0]]


def test_a_single_picture_counts_every_face() -> None:
    assert counted([[face(100), face(200)]]) == 2


def test_an_empty_burst_seats_nobody() -> None:
    assert counted([[] for _ in range(10)]) == 0


@given(st.lists(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 700)), max_size=8), min_size=1, max_size=10))
def test_no_seat_is_taken_twice_in_one_frame(places: list[list[tuple[float, float]]]) -> None:
    frames = [[face(x, y) for x, y in frame] for frame in places]
    seats = find_seats(frames)
    assert sum(seat.frames for seat in seats) == sum(len(frame) for frame in frames)
    assert all(1 <= seat.frames <= len(frames) for seat in seats)
