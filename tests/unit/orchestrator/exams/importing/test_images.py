import base64
import io
import zipfile

import pytest

from orchestrator.exams.bank import ItemRefused, Parsed
from orchestrator.exams.gift import parse_gift
from orchestrator.exams.importing.docx import parse_docx
from orchestrator.exams.importing.images import LONGEST_SIDE, MOST_STORED, clean_image, shrunk
from orchestrator.exams.importing.qti import parse_qti
from tests.doubles.pictures import jpeg, noisy_png, png
from tests.doubles.word_files import CHOICES, OOXML, package, paragraph, qti_item, word

A = f'xmlns:a="{OOXML}/drawingml/2006/main" xmlns:r="{OOXML}/officeDocument/2006/relationships"'
STEM, OPTIONS = "Câu 1. Hình nào?", ("A. Một", "B. Hai", "Đáp án: B")
EMF = b"\x01\x00\x00\x00" + bytes(60)


def drawing(crop: str = "", turned: str = "", relation: str = 'r:embed="p"') -> str:
    blip = f"<a:blip {relation}/>{crop}<a:xfrm {turned}/>"
    return f"<w:r><w:drawing {A}>{blip}</w:drawing></w:r>"


def with_picture(content: bytes, *body: str) -> Parsed:
    """A Word file whose relation `p` is the picture."""
    relation = f'<Relationship Id="p" Type="{OOXML}/image" Target="media/image1"/>'
    relations = f'<Relationships xmlns="{OOXML}/package/2006/relationships">{relation}</Relationships>'
    plain = word(*body)
    with zipfile.ZipFile(io.BytesIO(plain)) as file:
        parts: dict[str, str | bytes] = {name: file.read(name) for name in file.namelist()}
    return parse_docx(package({**parts, "word/_rels/document.xml.rels": relations, "word/media/image1": content}))


def test_an_image_in_word_stands_where_it_stood() -> None:
    for content in (png(), jpeg()):
        parsed = with_picture(content, STEM, paragraph("Xem ", drawing(), " kĩ"), *OPTIONS)
        assert (parsed.refused, parsed.questions[0].text) == ((), "Hình nào?\nXem [Hình 1] kĩ")
        assert parsed.questions[0].images == (clean_image(content),)


def test_images_may_be_the_options() -> None:
    parsed = with_picture(png(), STEM, paragraph("A. ", drawing()), paragraph("B. ", drawing('<a:srcRect l="50000"/>')))
    assert "thiếu đáp án" in parsed.refused[0].reason
    both = (paragraph("A. ", drawing()), paragraph("B. ", drawing('<a:srcRect l="50000"/>')), "Đáp án: B")
    question = with_picture(png(), STEM, *both).questions[0]
    assert question.options == ("[Hình 1]", "[Hình 2]")
    assert [image.width for image in question.images] == [40, 20]


@pytest.mark.parametrize(
    ("content", "inside", "words"),
    [
        (EMF, drawing(), "EMF"),
        (b"\xd7\xcd\xc6\x9a" + bytes(40), drawing(), "WMF"),
        (b"GIF89a" + bytes(40), drawing(), "GIF"),
        (png()[:45], drawing(), "hỏng"),
        (png(), drawing(turned='rot="5400000"'), "xoay"),
        (png(), drawing(relation='r:embed="q"'), "không nằm trong tệp"),
        (png(), drawing(relation='r:link="p"'), "hình ảnh"),
        (png(), f"<w:r><w:drawing {A}><a:txbxContent/><a:blip r:embed='p'/></w:drawing></w:r>", "khung chữ"),
    ],
)
def test_what_is_no_plain_image_is_refused_with_its_paragraph(content: bytes, inside: str, words: str) -> None:
    parsed = with_picture(content, STEM, paragraph(inside), *OPTIONS)
    assert parsed.questions == ()
    assert parsed.refused[0].line == 1
    assert words in parsed.refused[0].reason


def test_an_image_between_two_questions_belongs_to_neither() -> None:
    following = ("Câu 2. Hai?", "A. x", "B. y", "Đáp án: A")
    parsed = with_picture(png(), STEM, *OPTIONS, paragraph(drawing()), *following, "Câu 3. Ba?", *following[1:])
    assert [question.text for question in parsed.questions] == ["Ba?"]
    assert all("hình" in refusal.reason for refusal in parsed.refused)


def test_a_qti_package_brings_its_images() -> None:
    body = CHOICES.replace("Huế", '<img src="../img/a%20b.png" alt="Huế"/>')
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>'
        '<resource type="imsqti_item_xmlv2p1" href="items/one.xml"/></resources></manifest>'
    )
    parts: dict[str, str | bytes] = {"imsmanifest.xml": manifest, "items/one.xml": qti_item(body)}
    parsed = parse_qti(package({**parts, "img/a b.png": png()}))
    assert (parsed.refused, parsed.questions[0].options[0]) == ((), "[Hình 1]")
    assert parsed.questions[0].images == (clean_image(png()),)
    assert "không nằm trong gói" in parse_qti(package(parts)).refused[0].reason
    assert "EMF" in parse_qti(package({**parts, "img/a b.png": EMF})).refused[0].reason


def test_mathml_becomes_a_line_of_text() -> None:
    inner = "<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><msup><mi>x</mi><mn>2</mn></msup></mfrac>"
    math = f'<math xmlns="http://www.w3.org/1998/Math/MathML">{inner}</math>'
    parsed = parse_qti(qti_item(CHOICES.replace("Huế", math)).encode())
    assert parsed.questions[0].options[0] == "(a + 1)/x²"


def test_gift_takes_embedded_images_and_refuses_references() -> None:
    data = base64.b64encode(png()).decode().replace("=", "\\=")
    item = '[html]Hình gì? <img alt\\="x" src\\="{}"> Đó. {{=Đỏ ~Xanh}}'
    parsed = parse_gift(item.format(f"data\\:image/png;base64,{data}"))
    assert (parsed.refused, parsed.questions[0].text) == ((), "Hình gì? [Hình 1] Đó.")
    assert parsed.questions[0].images == (clean_image(png()),)
    for reference in ("@@PLUGINFILE@@/a.png", "https\\://vi.example/a.png", "data\\:image/svg+xml;base64,AAAA"):
        refused = parse_gift("\n\n" + item.format(reference)).refused[0]
        assert (refused.line, "hình ở tệp khác" in refused.reason) == (3, True)
    assert parse_gift("[markdown]Xem ![ảnh](a.png) {=Đỏ ~Xanh}").questions == ()


def test_a_cleaned_image_stays_as_it_is() -> None:
    for content in (png(), jpeg(), noisy_png((1500, 900))):
        once = clean_image(content)
        assert clean_image(once.content) == once
        assert max(once.width, once.height) <= LONGEST_SIDE
        assert len(once.content) <= MOST_STORED


def test_a_jpeg_loses_what_is_no_picture() -> None:
    tagged = jpeg()[:2] + b"\xff\xe1\x00\x0eExif\0\0secret" + jpeg()[2:] + b"trailing secret"
    assert b"secret" not in clean_image(tagged).content
    assert clean_image(tagged) == clean_image(jpeg())


def test_an_image_shrinks_to_what_a_paper_can_carry() -> None:
    assert len(shrunk(clean_image(noisy_png((900, 900))), 20_000).content) <= 20_000


@pytest.mark.parametrize("content", [b"", b"PNG", png()[:60], jpeg()[: len(jpeg()) // 2], b"<svg/>"])
def test_what_is_no_image_is_refused(content: bytes) -> None:
    with pytest.raises(ItemRefused):
        clean_image(content)
