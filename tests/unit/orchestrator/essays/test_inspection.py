"""What the checker takes and what it refuses, and by which word."""

from __future__ import annotations

import io
import json

import pytest

from orchestrator.essays.checker import check
from orchestrator.essays.inspection import Unsafe, inspect
from orchestrator.essays.words import why_not
from tests.doubles.essay_files import UNSAFE, docx, pdf


@pytest.mark.parametrize("reason", UNSAFE)
def test_an_unsafe_file_is_refused_for_its_reason(reason: str) -> None:
    with pytest.raises(Unsafe) as refused:
        inspect(io.BytesIO(UNSAFE[reason]))
    assert refused.value.reason == reason.strip()
    assert " / " in why_not(refused.value.reason)


def test_a_word_file_gives_its_text_with_tabs_and_paragraphs() -> None:
    seen = inspect(io.BytesIO(docx("Phần một:\tđổi mới phương pháp")))
    assert seen.form == "docx"
    assert "".join(seen.text) == "Phần một:\tđổi mới phương pháp\n"


def test_a_word_file_tells_the_pages_that_word_counted() -> None:
    seen = inspect(io.BytesIO(docx(docProps__app_dot_xml="<Properties><Pages>7</Pages></Properties>")))
    assert seen.pages == 7


def test_a_pdf_gives_its_pages_and_text() -> None:
    seen = inspect(io.BytesIO(pdf(3, "Doi moi")))
    assert (seen.form, seen.pages) == ("pdf", 3)
    assert "".join(seen.text).count("Doi moi") == 3


def test_the_checker_says_the_verdict_first_and_the_text_after() -> None:
    out = io.BytesIO()
    check(io.BytesIO(docx("Một")), out)
    verdict, text = out.getvalue().splitlines()
    assert (json.loads(verdict), json.loads(text)) == ({"form": "docx", "pages": None}, {"text": "Một\n"})


def test_a_link_to_click_is_no_outside_part() -> None:
    relation = (
        '<Relationships><Relationship Id="r1" TargetMode="External" Target="https://moet.gov.vn"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"/></Relationships>'
    )
    assert inspect(io.BytesIO(docx(word___rels__document_dot_xml_dot_rels=relation))).form == "docx"


def test_a_pdf_with_an_unknown_encryption_is_encrypted_and_no_crash() -> None:
    content = UNSAFE["encrypted  "].replace(b"/Filter /Standard", b"/Filter /Foreign_")
    with pytest.raises(Unsafe, match="encrypted"):
        inspect(io.BytesIO(content))


def test_a_word_file_whose_list_of_types_is_damaged_is_broken_and_no_crash() -> None:
    content = bytearray(docx())
    at = content.index(b"[Content_Types].xml")
    content[at + 10] = 0xDE
    with pytest.raises(Unsafe, match="broken"):
        inspect(io.BytesIO(bytes(content)))
