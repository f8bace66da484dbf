"""Who may do what: the roles in one table.

The table is the whole of the authorisation policy. Rules that need more than the role (a lecturer publishes into their
own session only) belong to the feature that knows it.
"""

from enum import StrEnum
from types import MappingProxyType

import msgspec

from wire.ids import PersonId


class Role(StrEnum):
    """What a person is in the training day."""

    ADMINISTRATOR = "administrator"
    PLANNER = "planner"
    OPERATOR = "operator"
    LECTURER = "lecturer"
    VIEWER = "viewer"
    MARKER = "marker"
    OFFICER = "officer"
    TELEVISION = "television"
    """A screen that nobody sits at: it sees the wall and nothing else."""
    GUEST_LECTURER = "guest_lecturer"
    """Who came by a lecture link: a lecturer of that one session, without a password."""
    ASSISTANT = "assistant"
    """Who came by an assistant's link: turns the slides of that one session and does nothing else."""
    STANDBY = "standby"
    """Who came by a standby's link: sends from the second seat of that one session, and rules nothing."""


class Action(StrEnum):
    """What a route may ask for."""

    WALL_SEE = "wall.see"
    WALL_PICTURES = "wall.pictures"
    SITES_SEE = "sites.see"
    SITES_EDIT = "sites.edit"
    SITES_PAIR = "sites.pair"
    PEOPLE_EDIT = "people.edit"
    AUDIT_SEE = "audit.see"
    SESSIONS_SEE = "sessions.see"
    SESSIONS_PLAN = "sessions.plan"
    SESSIONS_CONDUCT = "sessions.conduct"
    LECTURE_PUBLISH = "lecture.publish"
    LECTURE_VIEW = "lecture.view"
    LECTURE_LINKS = "lecture.links"
    LECTURE_ASSISTANT = "lecture.assistant"
    SLIDES_SEE = "slides.see"
    SLIDES_EDIT = "slides.edit"
    SLIDES_TURN = "slides.turn"
    ROLLCALL_ORDER = "rollcall.order"
    ROLLCALL_CORRECT = "rollcall.correct"
    ROLLCALL_PICTURES = "rollcall.pictures"
    ROLLCALL_ERASE = "rollcall.erase"
    DUTY_CALL = "duty.call"
    BANK_EDIT = "bank.edit"
    EXAMS_PLAN = "exams.plan"
    EXAMS_CONDUCT = "exams.conduct"
    EXAMS_VOUCHERS = "exams.vouchers"
    EXAMS_RELEASE = "exams.release"
    PAPERS_PRINT = "papers.print"
    PAPERS_KEY = "papers.key"
    SHEETS_ENTER = "sheets.enter"
    EXAMS_CREDIT = "exams.credit"
    EXAMS_DECIDE = "exams.decide"
    RESULTS_SEE = "results.see"
    RESULTS_ITEMS = "results.items"
    RESULTS_REVISE = "results.revise"
    COURSES_SEE = "courses.see"
    COURSES_PLAN = "courses.plan"
    COURSES_PUBLISH = "courses.publish"
    ESSAYS_SEE = "essays.see"
    ESSAYS_PLAN = "essays.plan"
    ESSAYS_COLLECT = "essays.collect"
    ESSAYS_MARK = "essays.mark"
    READINESS_REHEARSE = "readiness.rehearse"
    READINESS_WAIVE = "readiness.waive"
    READINESS_RULE = "readiness.rule"
    ALARMS_TAKE = "alarms.take"
    ALARMS_PLAN = "alarms.plan"
    ALARMS_RULE = "alarms.rule"
    ORDERS_SEE = "orders.see"
    ORDERS_GIVE = "orders.give"
    ORDERS_LOGS = "orders.logs"
    CHAT_TALK = "chat.talk"
    FLOOR_GIVE = "floor.give"
    FLOOR_MODERATE = "floor.moderate"
    FLOOR_ASIDE = "floor.aside"
    RECORDINGS_SEE = "recordings.see"
    RECORDINGS_ERASE = "recordings.erase"


LECTURING = frozenset(
    {
        Action.SESSIONS_SEE,
        Action.SESSIONS_CONDUCT,
        Action.LECTURE_PUBLISH,
        Action.LECTURE_VIEW,
        Action.LECTURE_ASSISTANT,
        Action.SLIDES_SEE,
        Action.SLIDES_EDIT,
        Action.SLIDES_TURN,
        Action.ROLLCALL_ORDER,
        Action.FLOOR_GIVE,
    }
)
"""What a lecturer does in their own session, however they came in."""

BOUND = frozenset({Role.GUEST_LECTURER, Role.ASSISTANT, Role.STANDBY})
"""Roles that exist only for one session."""

# An administrator can appoint any role: withholding an action from that role would only hide the deed from the trail.
ALLOWED = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Action),
        Role.PLANNER: frozenset(
            {
                Action.WALL_SEE,
                Action.SITES_SEE,
                Action.SITES_EDIT,
                Action.SESSIONS_SEE,
                Action.SESSIONS_PLAN,
                Action.ROLLCALL_ERASE,
                Action.LECTURE_VIEW,
                Action.LECTURE_LINKS,
                Action.LECTURE_ASSISTANT,
                Action.SLIDES_SEE,
                Action.SLIDES_EDIT,
                Action.BANK_EDIT,
                Action.EXAMS_PLAN,
                Action.EXAMS_CONDUCT,
                Action.EXAMS_VOUCHERS,
                Action.EXAMS_RELEASE,
                Action.PAPERS_PRINT,
                Action.PAPERS_KEY,
                Action.SHEETS_ENTER,
                Action.EXAMS_CREDIT,
                Action.EXAMS_DECIDE,
                Action.RESULTS_SEE,
                Action.RESULTS_ITEMS,
                Action.RESULTS_REVISE,
                Action.COURSES_SEE,
                Action.COURSES_PLAN,
                Action.COURSES_PUBLISH,
                Action.ESSAYS_SEE,
                Action.ESSAYS_PLAN,
                Action.ESSAYS_COLLECT,
                Action.READINESS_REHEARSE,
                Action.READINESS_WAIVE,
                Action.READINESS_RULE,
                Action.ALARMS_PLAN,
                Action.ORDERS_SEE,
                Action.RECORDINGS_SEE,
                Action.RECORDINGS_ERASE,
            }
        ),
        Role.OPERATOR: frozenset(
            {
                Action.WALL_SEE,
                Action.WALL_PICTURES,
                Action.SITES_SEE,
                Action.SITES_PAIR,
                Action.SESSIONS_SEE,
                Action.SESSIONS_CONDUCT,
                Action.LECTURE_PUBLISH,
                Action.LECTURE_VIEW,
                Action.LECTURE_LINKS,
                Action.LECTURE_ASSISTANT,
                Action.SLIDES_SEE,
                Action.SLIDES_EDIT,
                Action.SLIDES_TURN,
                Action.ROLLCALL_ORDER,
                Action.ROLLCALL_CORRECT,
                Action.ROLLCALL_PICTURES,
                Action.DUTY_CALL,
                Action.EXAMS_CONDUCT,
                Action.EXAMS_RELEASE,
                Action.SHEETS_ENTER,
                Action.RESULTS_SEE,
                Action.COURSES_SEE,
                Action.ESSAYS_SEE,
                Action.ESSAYS_COLLECT,
                Action.READINESS_REHEARSE,
                Action.READINESS_WAIVE,
                Action.ALARMS_TAKE,
                Action.ALARMS_PLAN,
                Action.ORDERS_SEE,
                Action.ORDERS_GIVE,
                Action.ORDERS_LOGS,
                Action.CHAT_TALK,
                Action.FLOOR_GIVE,
                Action.FLOOR_MODERATE,
                Action.FLOOR_ASIDE,
                Action.RECORDINGS_SEE,
            }
        ),
        Role.LECTURER: LECTURING | {Action.ESSAYS_MARK, Action.RECORDINGS_SEE},
        Role.GUEST_LECTURER: LECTURING,
        Role.STANDBY: frozenset({Action.SESSIONS_SEE, Action.LECTURE_PUBLISH, Action.LECTURE_VIEW, Action.SLIDES_SEE}),
        Role.ASSISTANT: frozenset({Action.SESSIONS_SEE, Action.SLIDES_SEE, Action.SLIDES_TURN}),
        Role.VIEWER: frozenset(
            {
                Action.WALL_SEE,
                Action.SITES_SEE,
                Action.SESSIONS_SEE,
                Action.LECTURE_VIEW,
                Action.RESULTS_SEE,
                Action.COURSES_SEE,
                Action.ESSAYS_SEE,
            }
        ),
        Role.OFFICER: frozenset({Action.EXAMS_RELEASE}),
        Role.TELEVISION: frozenset({Action.WALL_SEE}),
        Role.MARKER: frozenset({Action.ESSAYS_MARK}),
    }
)


class Person(msgspec.Struct, frozen=True):
    """Somebody with an account. `must_change`: the password is a one-time one; `session`: the only one that somebody
    who came by a lecture link may see."""

    id: PersonId
    username: str
    name: str
    role: Role
    must_change: bool = False
    session: str = ""


def may(role: str, action: str) -> bool:
    """Whether the table lets `role` do `action`; unknown words are refused."""
    try:
        return Action(action) in ALLOWED[Role(role)]
    except ValueError:
        return False


def actions_of(role: str) -> list[str]:
    """The actions of a role in a stable order, for pages that show only what can be done."""
    return sorted(action.value for action in ALLOWED[Role(role)])
