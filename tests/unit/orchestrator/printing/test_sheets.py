"""What a template prints: values as they are, images by name, and a clear fault."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from orchestrator.printing.sheets import PrintFault, pdf

PAGE = '#let contents = json(bytes(sys.inputs.contents))\n#set text(lang: "vi")\n#contents.name\n'


async def test_a_page_is_printed_with_its_values(tmp_path: Path) -> None:
    template = tmp_path / "page.typ"
    template.write_text(PAGE, encoding="utf-8")

    printed = await pdf(template, {"name": 'Nguyễn Thị #panic("x") *Hằng* ữ ỵ'})

    assert printed.startswith(b"%PDF-")


async def test_a_page_without_images_needs_no_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = tmp_path / "page.typ"
    template.write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(tempfile, "tempdir", "/proc/self/no-such-folder")

    assert (await pdf(template, {"name": "Hằng"})).startswith(b"%PDF-")


async def test_a_template_that_asks_for_what_is_not_there_is_a_print_fault(tmp_path: Path) -> None:
    template = tmp_path / "page.typ"
    template.write_text(PAGE, encoding="utf-8")

    with pytest.raises(PrintFault):
        await pdf(template, {"other": 1})
