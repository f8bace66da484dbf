"""HTTP of marking: who marks, giving readings out, a marker's own pile, how far it is."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from orchestrator.essays.agreement import Agreement
from orchestrator.essays.marking import Given, Marking, Task, Wish
from orchestrator.essays.marks import Marker
from orchestrator.essays.model import Criterion, Form
from orchestrator.essays.plan_routes import TYPES, attached
from orchestrator.essays.routes import MS
from orchestrator.web.kit import Routes, body, get, json, post, put, who
from wire.ids import PersonId, SiteId

_Text = Annotated[str, msgspec.Meta(max_length=8000)]


class MarkerView(msgspec.Struct, frozen=True):
    """Somebody who may mark; ``chosen`` for this essay; ``site``: their own school."""

    person: str
    name: str
    username: str
    chosen: bool
    site: str | None


class MarkerBody(msgspec.Struct, frozen=True):
    person: str
    site: str | None = None


class TaskView(msgspec.Struct, frozen=True):
    """One reading: nothing in it says whose essay it is. Marks in hundredths."""

    id: str
    course: str
    question: str
    third: bool
    form: str
    pages: int | None
    words: int | None
    criteria: tuple[Criterion, ...]
    step: int
    mark: int | None
    scores: tuple[int, ...]
    comment: str
    marked_ms: int | None
    others: tuple[int, ...]
    final: int | None


class ReadingView(msgspec.Struct, frozen=True):
    """A reading with the text that stands in the essay."""

    task: TaskView
    text: str


class MarkBody(msgspec.Struct, frozen=True):
    mark: int | None = None
    scores: tuple[int, ...] = ()
    comment: _Text = ""
    reason: Annotated[str, msgspec.Meta(max_length=400)] = ""


class SlotView(msgspec.Struct, frozen=True):
    slot: int
    marker: str
    mark: int | None
    marked_ms: int | None


class OutcomeView(msgspec.Struct, frozen=True):
    """One participant's marks."""

    number: str
    slots: list[SlotView]
    mark: int | None
    apart: int | None
    late: bool


class ProgressView(msgspec.Struct, frozen=True):
    """How far marking is."""

    outcomes: list[OutcomeView]
    agreement: Agreement
    loads: dict[str, tuple[int, int]]


class ChangeView(msgspec.Struct, frozen=True):
    marker: str
    mark: int
    scores: tuple[int, ...]
    comment: str
    reason: str
    at_ms: int


class MarkingPages:
    """The handlers."""

    def __init__(self, marking: Marking) -> None:
        self._marking = marking

    async def markers(self, request: web.Request) -> web.StreamResponse:
        chosen, people = await self._marking.markers(request.match_info["essay"])
        sites = {each.person: each.site for each in chosen}
        return json([MarkerView(one.id, one.name, one.username, one.id in sites, sites.get(one.id)) for one in people])

    async def name_markers(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, list[MarkerBody])
        named = [Marker(PersonId(each.person), SiteId(each.site) if each.site else None) for each in given]
        await self._marking.name_markers(who(request).username, request.match_info["essay"], named)
        return json({})

    async def give_out(self, request: web.Request) -> web.StreamResponse:
        return json(await self._marking.give_out(who(request).username, request.match_info["essay"]))

    async def tasks(self, request: web.Request) -> web.StreamResponse:
        return json([_view(task) for task in await self._marking.tasks(who(request))])

    async def reading(self, request: web.Request) -> web.StreamResponse:
        task, text = await self._marking.task(who(request), request.match_info["reading"])
        return json(ReadingView(_view(task), text))

    async def file(self, request: web.Request) -> web.StreamResponse:
        reading = request.match_info["reading"]
        version, file = await self._marking.file(who(request), reading)
        ending = "txt" if version.form is Form.TEXT else version.form
        return attached(file, TYPES[version.form], f"{reading}.{ending}")

    async def mark(self, request: web.Request) -> web.StreamResponse:
        given = await body(request, MarkBody)
        wish = Wish(given.mark, given.scores, given.comment, given.reason)
        return json(_view(await self._marking.mark(who(request), request.match_info["reading"], wish)))

    async def progress(self, request: web.Request) -> web.StreamResponse:
        told = await self._marking.progress(request.match_info["essay"])
        outcomes = [
            OutcomeView(
                each.number,
                [SlotView(one.slot, one.marker, one.mark, _ms(one.marked_ns)) for one in each.slots],
                each.final.mark,
                each.final.apart,
                each.late,
            )
            for each in told.outcomes
        ]
        return json(ProgressView(outcomes, told.agreement, {str(key): load for key, load in told.loads.items()}))

    async def history(self, request: web.Request) -> web.StreamResponse:
        told = await self._marking.history(request.match_info["essay"], request.match_info["number"])
        return json([ChangeView(c.marker, c.mark, c.scores, c.comment, c.reason, c.at_ns // MS) for c in told])


def _ms(at_ns: int | None) -> int | None:
    return None if at_ns is None else at_ns // MS


def _view(task: Task) -> TaskView:
    slot, plan, version = task.slot, task.essay.plan, task.version
    return TaskView(
        id=slot.id,
        course=task.essay.course,
        question=plan.question,
        third=slot.slot > 2,
        form=version.form,
        pages=version.pages,
        words=version.words,
        criteria=plan.criteria,
        step=plan.step,
        mark=slot.mark,
        scores=slot.scores,
        comment=slot.comment,
        marked_ms=_ms(slot.marked_ns),
        others=task.others,
        final=task.final,
    )


def routes(pages: MarkingPages) -> Routes:
    """The routes of marking."""
    one, mine = "/api/v1/essays/{essay}", "/api/v1/essay-readings"
    see, plan, mark = "essays.see", "essays.plan", "essays.mark"
    people, changed = list[MarkerView], list[ChangeView]
    return [
        get(f"{one}/markers", pages.markers, action=plan, summary="who may mark", reply=people),
        put(f"{one}/markers", pages.name_markers, action=plan, summary="who marks", body=list[MarkerBody]),
        post(f"{one}/readings", pages.give_out, action=plan, summary="two readings of each", reply=Given),
        get(f"{one}/marking", pages.progress, action=see, summary="how far marking is", reply=ProgressView),
        get(f"{one}/marking/{{number}}", pages.history, action=plan, summary="every mark given", reply=changed),
        get(mine, pages.tasks, action=mark, summary="a marker's own pile", reply=list[TaskView]),
        get(f"{mine}/{{reading}}", pages.reading, action=mark, summary="one with its text", reply=ReadingView),
        get(f"{mine}/{{reading}}/file", pages.file, action=mark, summary="its file"),
        put(f"{mine}/{{reading}}", pages.mark, action=mark, summary="give the mark", body=MarkBody, reply=TaskView),
    ]
