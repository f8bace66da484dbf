"""Questions, papers on paper and answer sheets over the real HTTP kit, each person with their own role."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orchestrator.exams import question_store, store
from orchestrator.exams.model import Action, Exam
from orchestrator.exams.printed.papers import made_again
from tests.doubles.exam_conductor import SITES, START, T0, Centre, S, conducting
from tests.doubles.paper_office import served
from tests.doubles.pictures import png

REASON = "Mất điện cả buổi thi"


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


def wish(text: str = "Hai cộng hai?", **changes: object) -> dict[str, object]:
    return {"text": text, "options": ["Bốn", "Năm", "Không có đáp án nào đúng"], "right": 0, "pinned": [2], **changes}


async def opened(centre: Centre) -> Exam:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0 - 60 * S)
    await centre.at(T0)
    return await centre.exams.exam(exam.id)


# --- questions ---------------------------------------------------------------------------------------------------


async def test_a_question_is_written_edited_and_put_away_with_its_history(centre: Centre) -> None:
    async with served(centre) as ask:
        _, image = await ask.send("POST", "/api/v1/bank/images", png())
        status, made = await ask.send("POST", "/api/v1/bank/questions", wish(images=[image["digest"]], category="Toán"))
        assert (status, made["text"], made["right"], made["version"]) == (201, "Hai cộng hai?\n[Hình 1]", 0, 1)
        path = f"/api/v1/bank/questions/{made['id']}"
        _, edited = await ask.send("PUT", path, wish("Ba cộng một?", version=1), who="bob:planner")
        assert (edited["text"], edited["version"], edited["images"]) == ("Ba cộng một?", 2, [])
        assert [(one["what"], one["who"], one["text"]) for one in edited["changes"]] == [
            ("edited", "bob", "Hai cộng hai?\n[Hình 1]")
        ]
        assert (await ask.send("PUT", path, wish("Cũ", version=1)))[1]["code"] == "stale"
        _, away = await ask.send("POST", f"{path}/archive?version=2")
        assert away["archived"]
        _, lines = await ask.get("/api/v1/bank/questions")
        assert [(one["archived"], "right" in one) for one in lines] == [(True, False)]
        _, back = await ask.send("POST", f"{path}/restore?version=3")
        assert (back["archived"], len(back["changes"])) == (False, 3)
        assert (await ask.send("DELETE", f"{path}?version=4"))[0] == 200
        status, content = await ask.get(f"/api/v1/bank/images/{image['digest']}")
        assert (status, content[:4]) == (200, b"\x89PNG")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"options": ["Một"]}, "bad_question"),
        ({"options": ["Một", "Một"]}, "bad_question"),
        ({"right": 3}, "bad_question"),
        ({"text": " "}, "bad_question"),
        ({"images": ["0" * 64]}, "no_such_image"),
    ],
)
async def test_a_question_that_cannot_be_asked_is_not_kept(
    centre: Centre, changes: dict[str, object], code: str
) -> None:
    async with served(centre) as ask:
        assert (await ask.send("POST", "/api/v1/bank/questions", {**wish(), "pinned": [], **changes}))[1][
            "code"
        ] == code
        assert (await ask.get("/api/v1/bank/questions"))[1] == []


async def test_the_lint_leads_from_one_near_twin_to_the_other(centre: Centre) -> None:
    async with served(centre) as ask:
        text = "Một lớp có ba mươi học sinh, hôm nay vắng hai em thì còn lại bao nhiêu em?"
        _, one = await ask.send("POST", "/api/v1/bank/questions", wish(text))
        _, two = await ask.send("POST", "/api/v1/bank/questions", wish(text.replace("lớp", "lớp nọ"), pinned=[]))
        _, lines = await ask.get("/api/v1/bank/questions")
        found = {line["id"]: [(finding["kind"], finding["other"]) for finding in line["findings"]] for line in lines}
        assert ("alike_questions", one["id"]) in found[two["id"]]
        assert ("alike_questions", two["id"]) in found[one["id"]]
        assert ("loose_tail", None) in found[two["id"]]


async def test_a_question_of_a_sealed_exam_is_neither_edited_nor_gives_its_key(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL)
    async with served(centre) as ask:
        asked = await centre.database.read(lambda conn: question_store.asked(conn, exam.id))
        path = f"/api/v1/bank/questions/{asked[0][0]}"
        _, page = await ask.get(path)
        assert (page["held"], page["right"], page["pinned"]) == ("Cuối khóa", None, [])
        status, told = await ask.send("PUT", path, wish(version=1))
        assert (status, told["code"]) == (409, "held_question")
        _, lines = await ask.get("/api/v1/bank/questions")
        free = next(line["id"] for line in lines if line["held"] is None)
        assert (await ask.send("PUT", f"/api/v1/bank/questions/{free}", wish(version=1)))[0] == 200


# --- papers ------------------------------------------------------------------------------------------------------


async def test_papers_are_made_again_from_the_record_after_the_bank_has_changed(centre: Centre) -> None:
    async with served(centre) as ask:
        _, image = await ask.send("POST", "/api/v1/bank/images", png())
        for number in range(3):
            body = wish(f"Câu {number}? [Hình 1]", images=[image["digest"]], category="Hình")
            await ask.send("POST", "/api/v1/bank/questions", body)
        topics = [{"topic": "Hình", "questions": 2}, {"topic": "", "questions": 4}]
        await centre.planned()
        planned = {"title": "Theo chủ đề", "starts_ms": T0 // 1_000_000, "duration_s": 60, "questions": 0, "codes": 3}
        status, made = await ask.send("POST", "/api/v1/exams", {**planned, "topics": topics})
        assert (status, made["questions"], made["choice"]["topics"]) == (201, 6, topics)
        _, draft = await ask.get(f"/api/v1/exams/{made['id']}/papers")
        exam = await centre.exams.exam(made["id"])
        await centre.ordered(exam, Action.SEAL)
        _, sealed = await ask.get(f"/api/v1/exams/{made['id']}/papers")
        told = [[(one["item"], one["text"]) for one in sheet["questions"]] for sheet in sealed["codes"]]
        assert told == [[(one["item"], one["text"]) for one in sheet["questions"]] for sheet in draft["codes"]]
        assert len(sealed["pictures"]) == 1
        await centre.ordered(await centre.exams.exam(exam.id), Action.CANCEL)
        asked = await centre.database.read(lambda conn: question_store.asked(conn, exam.id))
        for place, (question, version) in enumerate(asked):
            body = wish(f"Khác {place}", version=version)
            assert (await ask.send("PUT", f"/api/v1/bank/questions/{question}", body))[0] == 200
    exam = await centre.exams.exam(exam.id)
    stored = await centre.database.read(lambda conn: store.papers(conn, exam.id))
    once = [centre.reading._sealer.paper(exam.id, one) for one in stored]
    assert await centre.database.read(lambda conn: made_again(conn, exam)) == once


async def test_questions_chosen_by_hand_may_keep_their_order(centre: Centre) -> None:
    await centre.planned()
    async with served(centre) as ask:
        _, lines = await ask.get("/api/v1/bank/questions")
        ids = [line["id"] for line in lines][:5]
        body = {"title": "Tay", "starts_ms": T0 // 1_000_000, "duration_s": 60, "questions": 5, "in_order": True}
        _, made = await ask.send("POST", "/api/v1/exams", {**body, "by_hand": ids})
        _, preview = await ask.get(f"/api/v1/exams/{made['id']}/papers")
        assert [[one["question"] for one in sheet["questions"]] for sheet in preview["codes"]] == [ids, ids]
        status, told = await ask.send("POST", "/api/v1/exams", {**body, "by_hand": [ids[0], ids[0]]})
        assert (status, told["code"]) == (422, "bad_exam")
        few = {**body, "topics": [{"topic": "Không có", "questions": 3}]}
        _, empty = await ask.send("POST", "/api/v1/exams", few)
        assert (await ask.get(f"/api/v1/exams/{empty['id']}/papers"))[1]["code"] == "too_few_questions"


async def test_the_key_is_shown_to_the_right_people_before_sealing_and_after_the_end_only(centre: Centre) -> None:
    exam = await centre.planned()
    async with served(centre) as ask:
        path = f"/api/v1/exams/{exam.id}/papers"

        async def told() -> set[bool]:
            _, preview = await ask.get(path)
            right = {one["right"] is not None for sheet in preview["codes"] for one in sheet["questions"]}
            return {preview["key_told"], *right}

        assert await told() == {True}
        assert (await ask.get(path, "op:operator"))[0] == 403
        await centre.ordered(exam, Action.SEAL)
        assert await told() == {False}
        await centre.ordered(await centre.exams.exam(exam.id), Action.ARM)
        for moment in (T0 - 60 * S, T0, T0 + 300 * S):
            await centre.at(moment)
            assert await told() == {False}
        await centre.waited_out(exam)
        assert await told() == {True}


async def test_a_paper_is_printed_by_few_before_t0_and_by_conductors_after(centre: Centre) -> None:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    async with served(centre) as ask:
        path = f"/api/v1/exams/{exam.id}/print"
        for file in ("papers/101.pdf", "sheets.pdf", f"sheets.pdf?site={SITES[0]}", "slips.pdf", "roster.pdf"):
            status, content = await ask.get(f"{path}/{file}")
            assert (status, content[:5]) == (200, b"%PDF-"), file
        assert (await ask.get(f"{path}/papers/101.pdf", "op:operator"))[1]["code"] == "paper_secret"
        assert (await ask.get(f"{path}/papers/101.pdf", "eve:viewer"))[0] == 403
        assert (await ask.get(f"{path}/papers/999.pdf"))[0] == 404
        await centre.at(T0 - 60 * S)
        assert (await ask.get(f"{path}/papers/101.pdf", "op:operator"))[0] == 403
        await centre.at(T0)
        assert (await ask.get(f"{path}/papers/101.pdf", "op:operator"))[0] == 200


# --- answer sheets -----------------------------------------------------------------------------------------------


async def test_two_persons_enter_a_sheet_without_seeing_each_other_and_settle_what_differs(centre: Centre) -> None:
    exam = await opened(centre)
    async with served(centre) as ask:
        path = f"/api/v1/exams/{exam.id}/sheets/0001"
        one, two = "op:operator", "ann:planner"
        first = {"code": "101", "letters": ["A", "B", "", "*", "C", "D", "A", "B"], "reason": REASON}
        assert (await ask.send("POST", path, first, who=one))[1]["state"] == "waiting"
        _, form = await ask.get(path, two)
        assert form["codes"]["101"] == [4] * 8
        assert (form["sheet"]["mine"], form["sheet"]["differences"]) == (None, [])
        other = {**first, "letters": ["A", "C", "", "*", "C", "D", "A", "B"]}
        _, told = await ask.send("POST", path, other, who=two)
        assert (told["state"], told["differences"]) == ("differs", [{"number": 2, "mine": "C", "other": "B"}])
        _, seen = await ask.get(f"/api/v1/exams/{exam.id}/sheets", one)
        assert seen[0]["differences"] == [{"number": 2, "mine": "B", "other": "C"}]
        _, done = await ask.send("POST", path, first, who=two)
        assert (done["state"], len(done["receipt"])) == ("accepted", 10)
        assert (await ask.send("POST", path, first, who=two))[1]["code"] == "sheet_accepted"
    await centre.waited_out(exam)
    marks = {mark.number: mark for mark in await centre.database.read(lambda conn: store.marks(conn, exam.id))}
    assert (marks["0001"].state, marks["0002"].state) == ("handed_in", "absent")
    papers = await centre.database.read(lambda conn: store.papers(conn, exam.id))
    paper = centre.reading._sealer.paper(exam.id, papers[0])
    key = (await centre.database.read(lambda conn: store.newest_key(conn, exam.id))).right
    letters = zip(paper.items, first["letters"], strict=True)
    right = sum(
        letter in "ABCD" and item.options["ABCD".index(letter)].id in key[item.id] for item, letter in letters if letter
    )
    assert marks["0001"].correct == right


async def test_one_person_alone_never_makes_a_sheet_count(centre: Centre) -> None:
    exam = await opened(centre)
    async with served(centre) as ask:
        path = f"/api/v1/exams/{exam.id}/sheets/0002"
        sheet = {"code": "102", "letters": ["A"] * 8, "reason": REASON}
        for _ in range(3):
            assert (await ask.send("POST", path, sheet))[1]["state"] == "waiting"
        for fault in ({"letters": ["A"] * 7}, {"letters": ["E"] * 8}, {"code": "999"}, {"reason": " "}):
            assert (await ask.send("POST", path, {**sheet, **fault}, who="op:operator"))[1]["code"] == "bad_sheet"
        assert (await ask.send("POST", path.replace("0002", "9999"), sheet))[0] == 404
        assert (await ask.send("POST", path, sheet, who="eve:viewer"))[0] == 403


async def test_a_sheet_beside_answers_at_the_desk_goes_to_a_person(centre: Centre) -> None:
    exam = await opened(centre)
    await centre.sit(exam, SITES[0], {"0001": 3}, T0 + 300 * S)
    async with served(centre) as ask:
        path = f"/api/v1/exams/{exam.id}/sheets/0001"
        assert (await ask.get(path))[1]["at_desk"] > 0
        for who in ("ann:planner", "op:operator"):
            await ask.send("POST", path, {"code": "101", "letters": ["A"] * 8, "reason": REASON}, who=who)
    await centre.waited_out(exam)
    marks = {mark.number: mark for mark in await centre.database.read(lambda conn: store.marks(conn, exam.id))}
    assert marks["0001"].state == "conflict"


# --- rehearsals --------------------------------------------------------------------------------------------------


async def test_a_rehearsal_needs_one_order_and_stands_in_no_results(centre: Centre) -> None:
    async with served(centre) as ask:
        status, made = await ask.send("POST", "/api/v1/rehearsals", {"starts_in_s": 120}, who="op:operator")
        assert (status, made["kind"], made["state"], made["questions"]) == (201, "rehearsal", "armed", 5)
        assert made["starts_ms"] == START // 1_000_000 + 120_000
        for moment in (60, 120, 1000, 9000, 9001):
            await centre.at(START + moment * S)
        _, over = await ask.get(f"/api/v1/exams/{made['id']}")
        assert (over["state"], over["archived"]) == ("marked", True)
        _, told = await ask.send("POST", f"/api/v1/exams/{made['id']}/orders", {"order": "publish"})
        assert told["code"] == "rehearsal"
        _, lines = await ask.get("/api/v1/bank/questions")
        assert lines == []
