from site_agent.exam.unsure import Sure, Unsure


def saved(*said: tuple[int, int]) -> Unsure:
    """One candidate's messages as (row, number), all of session s1."""
    unsure = Unsure()
    for row, client_seq in said:
        unsure.add(row, "SBD001", "s1", client_seq)
    return unsure


def test_what_is_confirmed_is_told_once_as_the_highest_number() -> None:
    unsure = saved((1, 1), (2, 2), (3, 3))
    assert unsure.confirm(2) == [Sure("SBD001", "s1", 2)]
    assert unsure.confirm(2) == []
    assert unsure.confirm(9) == [Sure("SBD001", "s1", 3)]


def test_a_message_that_was_refused_at_first_holds_back_the_newer_ones_until_it_is_confirmed_itself() -> None:
    unsure = saved((1, 1), (2, 3), (3, 4), (5, 2))
    assert unsure.confirm(3) == [Sure("SBD001", "s1", 1)]
    assert unsure.confirm(5) == [Sure("SBD001", "s1", 4)]


def test_a_page_that_asks_again_is_told_no_more_than_is_true() -> None:
    unsure = saved((1, 2), (4, 1))
    assert unsure.confirm(1) == []
    assert unsure.again("s1", 2) is None
    assert unsure.confirm(4) == [Sure("SBD001", "s1", 2)]
    assert unsure.again("s1", 1) == 1
    assert unsure.again("s1", 2) == 2


def test_one_session_does_not_hold_back_another() -> None:
    unsure = saved((1, 2))
    unsure.add(2, "SBD002", "s2", 5)
    unsure.add(9, "SBD001", "s1", 1)
    assert unsure.confirm(2) == [Sure("SBD002", "s2", 5)]
