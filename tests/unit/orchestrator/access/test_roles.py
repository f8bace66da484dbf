"""The whole table of roles and actions, written out a second time by hand."""

import pytest

from orchestrator.access.model import Action, Role, actions_of, may

COLUMNS = ("administrator", "planner", "operator", "lecturer", "viewer", "marker", "officer", "television")
TABLE = {
    "wall.see": "x x x . x . . x",
    "wall.pictures": "x . x . . . . .",
    "sites.see": "x x x . x . . .",
    "sites.edit": "x x . . . . . .",
    "sites.pair": "x . x . . . . .",
    "people.edit": "x . . . . . . .",
    "audit.see": "x . . . . . . .",
    "sessions.see": "x x x x x . . .",
    "sessions.plan": "x x . . . . . .",
    "sessions.conduct": "x . x x . . . .",
    "lecture.publish": "x . x x . . . .",
    "lecture.view": "x x x x x . . .",
    "lecture.links": "x x x . . . . .",
    "lecture.assistant": "x x x x . . . .",
    "slides.see": "x x x x . . . .",
    "slides.edit": "x x x x . . . .",
    "slides.turn": "x . x x . . . .",
    "rollcall.order": "x . x x . . . .",
    "duty.call": "x . x . . . . .",
    "rollcall.correct": "x . x . . . . .",
    "rollcall.pictures": "x . x . . . . .",
    "rollcall.erase": "x x . . . . . .",
    "bank.edit": "x x . . . . . .",
    "exams.plan": "x x . . . . . .",
    "exams.conduct": "x x x . . . . .",
    "exams.vouchers": "x x . . . . . .",
    "exams.release": "x x x . . . x .",
    "papers.print": "x x . . . . . .",
    "papers.key": "x x . . . . . .",
    "sheets.enter": "x x x . . . . .",
    "exams.credit": "x x . . . . . .",
    "exams.decide": "x x . . . . . .",
    "results.see": "x x x . x . . .",
    "results.items": "x x . . . . . .",
    "results.revise": "x x . . . . . .",
    "courses.see": "x x x . x . . .",
    "courses.plan": "x x . . . . . .",
    "courses.publish": "x x . . . . . .",
    "essays.see": "x x x . x . . .",
    "essays.plan": "x x . . . . . .",
    "essays.collect": "x x x . . . . .",
    "essays.mark": "x . . x . x . .",
    "alarms.take": "x . x . . . . .",
    "alarms.plan": "x x x . . . . .",
    "alarms.rule": "x . . . . . . .",
    "readiness.rehearse": "x x x . . . . .",
    "readiness.waive": "x x x . . . . .",
    "readiness.rule": "x x . . . . . .",
    "orders.see": "x x x . . . . .",
    "orders.give": "x . x . . . . .",
    "orders.logs": "x . x . . . . .",
    "chat.talk": "x . x . . . . .",
    "floor.give": "x . x x . . . .",
    "floor.moderate": "x . x . . . . .",
    "floor.aside": "x . x . . . . .",
    "recordings.see": "x x x x . . . .",
    "recordings.erase": "x x . . . . . .",
}


BOUND = {
    "guest_lecturer": {action for action, marks in TABLE.items() if marks.split()[3] == "x"}
    - {"essays.mark", "recordings.see"},
    "standby": {"sessions.see", "lecture.publish", "lecture.view", "slides.see"},
    "assistant": {"sessions.see", "slides.see", "slides.turn"},
}
"""Who came by a link: what the lecturer of a session does there, and who turns its slides."""


def test_the_table_names_every_role_and_action() -> None:
    assert set(TABLE) == set(Action)
    assert set(COLUMNS) | set(BOUND) == set(Role)


@pytest.mark.parametrize("role", BOUND)
def test_who_came_by_a_link_may_do_what_belongs_to_the_session(role: str) -> None:
    assert set(actions_of(role)) == BOUND[role]


@pytest.mark.parametrize("action", TABLE)
def test_each_role_may_do_what_the_table_says(action: str) -> None:
    marks = TABLE[action].split()
    assert {role: may(role, action) for role in COLUMNS} == {
        role: mark == "x" for role, mark in zip(COLUMNS, marks, strict=True)
    }


def test_an_unknown_role_or_action_is_refused() -> None:
    assert not may("root", "wall.see")
    assert not may("administrator", "everything")
    assert not may("administrator", "")


@pytest.mark.parametrize("role", COLUMNS)
def test_a_page_is_told_exactly_what_its_role_may_do(role: str) -> None:
    assert actions_of(role) == sorted(action for action in TABLE if may(role, action))
