"""The checker as a process of its own: little memory, little time, an answer for every file."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from orchestrator.essays import checking
from orchestrator.essays.checking import check_apart, read_answer
from tests.doubles.essay_files import UNSAFE, bomb, docx, overlapping_bomb, pdf


async def checked(folder: Path, content: bytes) -> checking.Verdict:
    file = folder / "essay"
    file.write_bytes(content)
    return await check_apart(file)


async def test_good_files_come_back_with_their_text(tmp_path: Path) -> None:
    word = await checked(tmp_path, docx("Đổi mới phương pháp dạy học"))
    assert (word.form, word.reason, word.text) == ("docx", "", "Đổi mới phương pháp dạy học\n")
    book = await checked(tmp_path, pdf(4))
    assert (book.form, book.pages) == ("pdf", 4)


@pytest.mark.parametrize("reason", ["encrypted", "polyglot", "nested", "active", "external", "empty"])
async def test_unsafe_files_come_back_with_their_reason(tmp_path: Path, reason: str) -> None:
    assert (await checked(tmp_path, UNSAFE[reason])).reason == reason


async def test_bombs_are_refused_before_they_go_off(tmp_path: Path) -> None:
    assert (await checked(tmp_path, bomb(240))).reason == "bomb"
    assert (await checked(tmp_path, overlapping_bomb(60_000))).reason == "too_many"
    assert (await checked(tmp_path, UNSAFE["entities"])).reason == "entities"


async def test_many_files_side_by_side_leave_no_process_behind(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as tasks:
        for at in range(4):
            folder = tmp_path / str(at)
            folder.mkdir()
            tasks.create_task(checked(folder, docx(f"{at}")))


def test_an_answer_cut_short_by_a_limit_is_told_as_too_heavy() -> None:
    assert read_answer(b"").reason == "too_heavy"
    assert read_answer(b'{"form": "docx"').reason == "too_heavy"


def test_a_verdict_stands_even_when_the_text_took_too_long() -> None:
    assert read_answer(b'{"form": "pdf", "pages": 3}\n') == checking.Verdict(form="pdf", pages=3)
    assert read_answer(b'{"form": "pdf", "pages": 3}\n{"text": "a\\ud800b\\u0000"}\n').text == "a\ufffdb"
