"""What the invigilator's page shows: one picture of one exam. Times in milliseconds by the site's centre time."""

import msgspec

from site_agent.exam.hall import Hall
from site_agent.exam.invigilation.presence import Presence, unsaved_s
from site_agent.exam.invigilation.service import Invigilation
from site_agent.exam.openings import is_past
from site_agent.exam.window import OVER, Phase, Reading, elapsed_ns, is_lost
from wire.exam_fairness import CANDIDATE_LIMIT_S, SITE_LIMIT_S, ExamIncident
from wire.ids import Assurance, ExamState

_MS = 1_000_000
_S = 1_000_000_000


class CandidateView(msgspec.Struct, frozen=True):
    """One candidate. `state`: absent, signed_in, working, handed_in, ended. `trouble` in words: away, unsaved, locked,
    devices, pin; the first is the gravest. `away_s`: without a page for so long; `unsaved`: answers that the page has
    had for `unsaved_s` without a ✓."""

    number: str
    name: str
    code: str
    state: str
    answered: int
    connected: bool
    trouble: list[str]
    away_s: int
    extra_s: int
    left_ms: int | None
    locked_s: int
    receipt: str | None
    unsaved: int = 0
    unsaved_s: int = 0


class GrantView(msgspec.Struct, frozen=True):
    """Extra time. `state`: in_force, asked, withdrawn, too_late; `ours`: given here and may be taken back."""

    id: str
    candidate: str | None
    minutes: int
    cause: str
    text: str
    who: str
    at_ms: int
    state: str
    ours: bool


class IncidentView(msgspec.Struct, frozen=True):
    """A note."""

    id: str
    kind: str
    text: str
    candidate: str | None
    who: str
    at_ms: int


class Counts(msgspec.Struct, frozen=True):
    """The large figures."""

    registered: int
    signed_in: int
    started: int
    answers: int
    handed_in: int
    trouble: int


class RoomView(msgspec.Struct, frozen=True, kw_only=True):
    """One exam at this site, for the invigilator alone. `lost`: nobody here knows the time."""

    exam: str
    title: str
    phase: str
    now_ms: int
    t0_ms: int
    opened_ms: int | None
    left_ms: int | None
    duration_s: int
    site_extra_s: int
    stopped_s: int | None
    stood_s: int
    wants_code: bool
    questions: int | None
    clock: str
    lost: bool
    bound_ms: float | None
    counts: Counts
    candidates: list[CandidateView]
    grants: list[GrantView]
    incidents: list[IncidentView]
    outages_s: list[int]
    site_limit_min: int = SITE_LIMIT_S // 60
    candidate_limit_min: int = CANDIDATE_LIMIT_S // 60


class DeskView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page needs after the sign-in; `room` None: no exam has come."""

    site: str
    who: str
    link: str
    room: RoomView | None


def current(invigilation: Invigilation) -> Hall | None:
    """The exam that an invigilator looks after: the running one, else the next, else the last that closed."""
    halls = sorted(invigilation.site.halls.values(), key=lambda hall: hall.held.manifest.t0_ns)
    running = [hall for hall in halls if hall.window.phase is Phase.OPEN]
    coming = [hall for hall in halls if hall.window.phase not in OVER and not is_past(hall, halls)]
    over = [hall for hall in halls if hall.progress().state is not ExamState.CANCELLED]
    return next(iter((*running, *coming, *reversed(over))), None)


def room_view(invigilation: Invigilation, hall: Hall, now: Reading) -> RoomView:
    """The picture as it is now."""
    manifest, allowance = hall.held.manifest, hall.allowance
    presence = invigilation.presence(hall.exam)
    people = [_candidate(invigilation, hall, presence, number, now) for number in hall.roster]
    is_open = hall.window.phase is Phase.OPEN
    stop = allowance.stop
    opening = hall.opening.opened if hall.opening is not None else None
    return RoomView(
        exam=hall.exam,
        title=manifest.title,
        phase=hall.window.phase.value,
        now_ms=now.centre_ns // _MS,
        t0_ms=manifest.t0_ns // _MS,
        opened_ms=opening.centre_ns // _MS if opening is not None else None,
        left_ms=max(0, hall.window.left_ns(now) + allowance.extra_ns(None, now)) // _MS if is_open else None,
        duration_s=manifest.duration_s,
        site_extra_s=allowance.granted_s(None),
        stopped_s=None if stop is None else elapsed_ns(stop.anchor, now) // _S,
        stood_s=allowance.stood_ns(None) // _S,
        wants_code=hall.in_need(now),
        questions=hall.questions(),
        clock=now.state.value,
        lost=is_lost(now),
        bound_ms=now.bound_ms if now.bound_ms is None else round(now.bound_ms, 1),
        counts=Counts(
            registered=len(hall.roster),
            signed_in=sum(each.state != "absent" for each in people),
            started=sum(each.answered > 0 for each in people),
            answers=sum(each.answered for each in people),
            handed_in=sum(each.state == "handed_in" for each in people),
            trouble=sum(bool(each.trouble and each.trouble[0] != "pin") for each in people),
        ),
        candidates=people,
        grants=_grants(hall),
        incidents=[_incident(each) for each in reversed(allowance.incidents)],
        outages_s=[-(-each.gap_ms // 1000) for each in allowance.outages if each.candidate is None],
    )


def _candidate(invigilation: Invigilation, hall: Hall, presence: Presence, number: str, now: Reading) -> CandidateView:
    entry, sitting = hall.roster[number], hall.sitting(number)
    away_s = presence.away_s(hall, number, now.mono_ns)
    waited_s = unsaved_s(hall, number, now.mono_ns)
    locked_s = round(invigilation.site.doorkeeper.locked_s(hall, number))
    marks = {
        "away": away_s > 0,
        "unsaved": waited_s > 0,
        "locked": locked_s > 0,
        "devices": presence.changed_device(number, now.mono_ns),
        "pin": hall.entered_by(number) is Assurance.PIN,
    }
    state = "signed_in" if number in hall.live else "absent"
    if sitting.receipt is not None:
        state = "handed_in" if sitting.handed_in else "ended"
    elif sitting.answers:
        state = "working"
    writing = hall.window.phase is Phase.OPEN and sitting.receipt is None
    return CandidateView(
        number=number,
        name=entry.name,
        code=entry.code,
        state=state,
        answered=len(sitting.answers),
        connected=number in hall.pages,
        trouble=[word for word, holds in marks.items() if holds],
        away_s=away_s,
        extra_s=entry.extra_s + hall.allowance.granted_s(number) - hall.allowance.granted_s(None),
        left_ms=max(0, hall.left_ns(number, now)) // _MS if writing else None,
        locked_s=locked_s,
        receipt=sitting.receipt,
        unsaved=hall.waits[number].count if waited_s else 0,
        unsaved_s=waited_s,
    )


def _grants(hall: Hall) -> list[GrantView]:
    allowance = hall.allowance
    told = []
    for name, extra in allowance.extras.items():
        listed = name in allowance.listed
        state = "withdrawn" if name in allowance.withdrawn else "asked" if extra.asked and not listed else "in_force"
        ours = state == "asked" or (state == "in_force" and not extra.asked)
        grant = allowance.listed.get(name, extra.grant)
        told.append(
            GrantView(
                name, grant.candidate, -(-grant.seconds // 60), grant.cause.value, extra.text, extra.grant.who,
                extra.grant.at_ns // _MS, state, ours,
            )
        )  # fmt: skip
    for name, grant in allowance.listed.items():
        if name not in allowance.extras and name not in allowance.gaps_ms:
            state = "too_late" if name in allowance.too_late else "in_force"
            told.append(
                GrantView(
                    name, grant.candidate, -(-grant.seconds // 60), grant.cause.value, "", grant.who,
                    grant.at_ns // _MS, state, False,
                )
            )  # fmt: skip
    return sorted(told, key=lambda each: -each.at_ms)


def _incident(incident: ExamIncident) -> IncidentView:
    return IncidentView(
        incident.id, incident.kind.value, incident.text, incident.candidate, incident.who, incident.at_ns // _MS
    )
