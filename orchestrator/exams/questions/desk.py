"""What people do with single questions of the bank: read, look over, edit, put away. Every change is on record."""

import asyncio
from collections.abc import Sequence
from functools import partial

import msgspec

from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.exams import bank_store, question_store
from orchestrator.exams.bank import Image, ItemRefused, Question, checked, shown
from orchestrator.exams.importing.images import clean_image
from orchestrator.exams.ports import Trail
from orchestrator.exams.question_store import Held, Repeated
from orchestrator.exams.questions.looking import Finding, findings
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from wire.ids import ItemId

MS = 1_000_000


class QuestionLine(msgspec.Struct, frozen=True):
    """A question in the list, without its key: options stand in the order of their random ids. `findings` are what the
    lint says of it; `held` is the title of the sealed exam that asks it."""

    id: ItemId
    title: str
    category: str
    text: str
    options: list[str]
    added_ms: int
    images: list[str]
    source: str
    version: int
    archived: bool
    held: str | None
    findings: list[Finding]


class ChangeView(msgspec.Struct, frozen=True):
    """A change of a question, and how it stood before."""

    version: int
    what: str
    who: str
    at_ms: int
    title: str
    category: str
    text: str
    options: list[str]
    right: int | None
    images: list[str]


class QuestionPage(msgspec.Struct, frozen=True):
    """A question for its own page. `right`, `pinned` and the author's order of the options are told only while no
    sealed exam asks it (`held` None)."""

    id: ItemId
    title: str
    category: str
    text: str
    options: list[str]
    right: int | None
    pinned: list[int]
    images: list[str]
    source: str
    version: int
    added_ms: int
    archived: bool
    held: str | None
    exams: list[str]
    changes: list[ChangeView]


class QuestionWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question as the console writes it. `images` are digests of images sent before; `version` is the one that was
    read, None for a new question."""

    text: str
    options: list[str]
    right: int
    pinned: list[int] = []
    title: str = ""
    category: str = ""
    images: list[str] = []
    version: int | None = None


class ImageSent(msgspec.Struct, frozen=True):
    """An image that waits for its question."""

    digest: str
    media: str
    width: int
    height: int


class QuestionDesk:
    """Questions one by one."""

    def __init__(self, database: Database, clock: Clock, trail: Trail) -> None:
        self._database = database
        self._clock = clock
        self._trail = trail

    async def lines(self) -> list[QuestionLine]:
        """All questions, archived ones too, newest first."""
        every = await self._database.read(question_store.every)
        held = await self._database.read(question_store.held_questions)
        found = await asyncio.to_thread(findings, [one for one in every if one.archived_ns is None])
        return [_line(one, held.get(one.id), found.get(one.id, [])) for one in every]

    async def page(self, question: ItemId) -> QuestionPage:
        """One question; refuses `no_such_question`."""

        def work(conn: Connection) -> QuestionPage:
            held = question_store.held_questions(conn).get(question)
            changes = question_store.changes(conn, question)
            return _page(_found(conn, question), held, question_store.asked_by(conn, question), changes)

        return await self._database.read(work)

    async def add(self, by: str, wish: QuestionWish) -> QuestionPage:
        """A new question; refuses `bad_question`, `repeated_question`."""
        now = self._clock.now_ns()

        def work(conn: Connection) -> ItemId:
            try:
                made = question_store.insert(conn, _question(conn, wish), now)
            except Repeated as other:
                raise _repeated() from other
            self._trail.record(conn, by, "bank.added", made)
            return made

        return await self.page(await self._database.write(work))

    async def edit(self, by: str, question: ItemId, wish: QuestionWish) -> QuestionPage:
        """Change a question; refuses `held_question`, `stale`, `bad_question`, `repeated_question`."""
        now = self._clock.now_ns()

        def work(conn: Connection) -> None:
            before = _editable(conn, question, wish.version)
            try:
                question_store.replace(conn, before, _question(conn, wish), by, now)
            except Repeated as other:
                raise _repeated() from other
            self._trail.record(conn, by, "bank.edited", question, {"version": before.version + 1})

        await self._database.write(work)
        return await self.page(question)

    async def put_away(self, by: str, question: ItemId, version: int, *, away: bool) -> QuestionPage:
        """Archive a question, or bring it back; refuses `held_question`, `stale`."""
        now = self._clock.now_ns()

        def work(conn: Connection) -> None:
            before = _editable(conn, question, version)
            if (before.archived_ns is not None) != away:
                question_store.archive(conn, before, by, now, away=away)
                self._trail.record(conn, by, "bank.archived" if away else "bank.restored", question)

        await self._database.write(work)
        return await self.page(question)

    async def delete(self, by: str, question: ItemId, version: int) -> None:
        """Remove a question for good; refuses `asked_question` when an exam has asked it."""
        now = self._clock.now_ns()

        def work(conn: Connection) -> None:
            before = _editable(conn, question, version)
            if asked := question_store.asked_by(conn, question):
                message = f"Câu này đã có trong bài thi {asked[0]}: chỉ cất đi được, không xóa. / An exam has asked it."
                raise Refused("asked_question", message, 409)
            question_store.delete(conn, before, by, now)
            self._trail.record(conn, by, "bank.deleted", question, {"text": before.text[:200]})

        await self._database.write(work)

    async def keep_image(self, content: bytes) -> ImageSent:
        """An image for a question; refuses `bad_image`."""
        try:
            image = await asyncio.to_thread(clean_image, content)
        except ItemRefused as reason:
            raise Refused("bad_image", f"Không nhận được: {reason}. / Not a usable PNG or JPEG image.", 422) from reason
        now = self._clock.now_ns()
        await self._database.write(lambda conn: bank_store.keep_images(conn, [image], now))
        return ImageSent(image.digest, image.media, image.width, image.height)

    async def image(self, digest: str) -> Image:
        """An image of the bank; refuses `no_such_image`."""
        found = (await self._database.read(partial(bank_store.images, digests=[digest]))).get(digest)
        if found is None:
            raise Refused("no_such_image", "Không có hình này. / No such image.", 404)
        return found


def _found(conn: Connection, question: ItemId) -> Held:
    found = question_store.find(conn, question)
    if found is None:
        raise Refused("no_such_question", "Không có câu hỏi này. / No such question.", 404)
    return found


def _editable(conn: Connection, question: ItemId, version: int | None) -> Held:
    before = _found(conn, question)
    if title := question_store.held_questions(conn).get(question):
        message = (
            f"Câu này nằm trong bài thi đã niêm phong “{title}”: chỉ sửa được sau khi thi xong. / "
            "A sealed exam asks this question: it can be edited when that exam is over."
        )
        raise Refused("held_question", message, 409, exam=title)
    if version != before.version:
        raise Refused("stale", "Câu hỏi vừa được người khác sửa, hãy mở lại. / It just changed, open it again.", 409)
    return before


def _repeated() -> Refused:
    return Refused("repeated_question", "Ngân hàng đã có câu này. / The bank has this question already.", 409)


def _question(conn: Connection, wish: QuestionWish) -> Question:
    known = bank_store.images(conn, wish.images)
    if missing := [name for name in wish.images if name not in known]:
        raise Refused("no_such_image", f"Không có hình {missing[0][:16]}. / No such image.", 422)
    options = tuple(option.strip() for option in wish.options)
    pinned = tuple(sorted(set(wish.pinned)))
    if not 0 <= wish.right < len(options) or any(not 0 <= place < len(options) for place in pinned):
        raise Refused("bad_question", "Hãy chọn một phương án đúng. / Choose the right option.", 422)
    images = tuple(known[name] for name in wish.images)
    written = Question(
        0, wish.title.strip(), wish.category.strip(), "plain", wish.text.strip(), options, wish.right, pinned, images
    )
    try:
        # What the author unpinned stays so: the lint remarks on it.
        return msgspec.structs.replace(checked(written), pinned=pinned)
    except ItemRefused as reason:
        raise Refused("bad_question", f"Chưa lưu được: {reason}. / This question cannot be asked.", 422) from reason


def _line(one: Held, held: str | None, found: Sequence[Finding]) -> QuestionLine:
    return QuestionLine(
        id=one.id,
        title=one.title,
        category=one.category,
        text=shown(one.text, one.format),
        options=[shown(option.text, one.format) for option in sorted(one.options, key=lambda option: option.id)],
        added_ms=one.added_ns // MS,
        images=list(one.images),
        source=one.source,
        version=one.version,
        archived=one.archived_ns is not None,
        held=held,
        # A remark names letters in the author's order, who often writes the right option first.
        findings=[] if held else list(found),
    )


def _page(one: Held, held: str | None, exams: list[str], changes: list[question_store.Change]) -> QuestionPage:
    right, pinned = one.places
    options = one.options if held is None else tuple(sorted(one.options, key=lambda option: option.id))
    return QuestionPage(
        id=one.id,
        title=one.title,
        category=one.category,
        text=shown(one.text, one.format),
        options=[shown(option.text, one.format) for option in options],
        right=right if held is None else None,
        pinned=list(pinned) if held is None else [],
        images=list(one.images),
        source=one.source,
        version=one.version,
        added_ms=one.added_ns // MS,
        archived=one.archived_ns is not None,
        held=held,
        exams=exams,
        changes=[_change(change, told=held is None) for change in changes],
    )


def _change(change: question_store.Change, *, told: bool) -> ChangeView:
    before = change.before
    return ChangeView(
        version=change.version,
        what=change.what,
        who=change.who,
        at_ms=change.at_ns // MS,
        title=before.title,
        category=before.category,
        text=shown(before.text, before.format),
        options=[shown(option.text, before.format) for option in sorted(before.options, key=lambda option: option.id)]
        if not told
        else [shown(option.text, before.format) for option in before.options],
        right=before.places[0] if told else None,
        images=list(before.images),
    )
