"""Files become pictures in processes of their own: a real PDF sharply, hostile ones not at all, and never here."""

from __future__ import annotations

import asyncio
import hashlib
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image

from orchestrator.slides.converting import DRAWING, Drawn, NotDrawn, find_office, pages_of
from orchestrator.slides.model import Fault
from tests.doubles.slide_files import (
    CLICKED,
    OUTWARD,
    boundless_pdf,
    empty_pdf,
    locked_pdf,
    office_pptx,
    pdf,
    pptx,
    stand_in_office,
)


async def drawn(
    folder: Path, content: bytes, name: str = "bài.pdf", soffice: str = "", by: Sequence[str] = DRAWING
) -> list[Drawn]:
    file = folder / "partial"
    file.write_bytes(content)
    return [page async for page in pages_of(file, name, soffice, by)]


def ink(picture: Image.Image) -> float:
    """Share of pixels that are nearly black."""
    histogram = picture.convert("L").histogram()
    return sum(histogram[:64]) / sum(histogram)


async def test_a_deck_with_vietnamese_text_becomes_sharp_and_small_pictures(tmp_path: Path) -> None:
    pages = await drawn(tmp_path, pdf())
    assert [page.pages for page in pages] == [3, 3, 3]
    for page in pages:
        large, small = (Image.open(io.BytesIO(each)) for each in (page.large, page.small))
        assert (large.format, large.size, small.size) == ("WEBP", (1920, 1080), (960, 540))
        assert large.size == (page.page.width, page.page.height)
        assert 0.002 < ink(large) < 0.2
        # Letters without loss: what is neither ink nor paper is only the soft edge of a letter.
        colours = large.convert("L").getcolors(256)
        assert colours is not None
        assert max(colours)[1] == 255
        assert len(page.large) < 160 << 10
        assert len(page.small) < len(page.large)
        assert hashlib.sha256(page.large).digest() == page.page.large
    assert len({page.page.large for page in pages}) == 3


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (lambda: b"MZ\x90\x00" + b"\0" * 5000, Fault.UNKNOWN),
        (lambda: b"%PDF-1.7\n" + b"\xff" * 5000, Fault.BROKEN),
        (locked_pdf, Fault.ENCRYPTED),
        (empty_pdf, Fault.BROKEN),
    ],
    ids=["program", "noise", "locked", "empty"],
)
async def test_what_is_no_deck_is_refused_by_name(tmp_path: Path, content: Callable[[], bytes], fault: Fault) -> None:
    with pytest.raises(NotDrawn) as refused:
        await drawn(tmp_path, content())
    assert refused.value.fault is fault


async def test_a_page_without_bounds_gives_a_picture_within_ours(tmp_path: Path) -> None:
    (page,) = await drawn(tmp_path, boundless_pdf())
    assert page.page.width <= 1920
    assert page.page.height <= 1080


async def test_a_drawing_that_dies_names_the_page(tmp_path: Path) -> None:
    said = 'print(\'{"pages": 2}\'); print(\'{"width": 2, "height": 1, "small": 1, "large": 1}\'); print("ab", end="")'
    with pytest.raises(NotDrawn) as refused:
        await drawn(tmp_path, pdf(1), by=(sys.executable, "-c", said))
    assert (refused.value.fault, refused.value.page) == (Fault.TOO_HEAVY, 2)


async def test_a_presentation_goes_through_libreoffice_where_there_is_one(tmp_path: Path) -> None:
    office = str(stand_in_office(tmp_path))
    assert len(await drawn(tmp_path, pptx(CLICKED), "Bài giảng.PPTX", office)) == 2


async def test_the_real_libreoffice_draws_a_presentation_as_its_author_wrote_it(tmp_path: Path) -> None:
    office = find_office("")
    assert office
    deck = await asyncio.to_thread(office_pptx, tmp_path, office, ["Đổi mới kiểm tra, đánh giá", "Năng lực số", ""])
    first, second, last = await drawn(tmp_path, deck, "Bài giảng.pptx", office)
    inks = [ink(Image.open(io.BytesIO(page.large))) for page in (first, second, last)]
    assert inks[0] > inks[1] > inks[2] == 0
    assert first.page.width == 1920


async def test_a_file_that_only_looks_like_a_presentation_is_refused_by_the_real_libreoffice(tmp_path: Path) -> None:
    with pytest.raises(NotDrawn) as refused:
        await drawn(tmp_path, pptx(), "bài.pptx", find_office(""))
    assert refused.value.fault is Fault.OFFICE


@pytest.mark.parametrize(
    ("content", "fault", "works"),
    [(pptx(OUTWARD), Fault.EXTERNAL, True), (pptx(), Fault.OFFICE, False), (b"PK\x03\x04rubbish", Fault.OFFICE, False)],
    ids=["fetches", "unconvertible", "rubbish"],
)
async def test_a_presentation_that_cannot_or_may_not_be_converted(
    tmp_path: Path, content: bytes, fault: Fault, works: bool
) -> None:
    office = str(stand_in_office(tmp_path, works=works))
    with pytest.raises(NotDrawn) as refused:
        await drawn(tmp_path, content, "bài.pptx", office)
    assert refused.value.fault is fault


def test_libreoffice_is_found_or_not_used(tmp_path: Path) -> None:
    office = stand_in_office(tmp_path)
    assert find_office(str(office)) == str(office)
    assert find_office("off") == ""
    assert find_office("/nowhere/soffice") == ""
