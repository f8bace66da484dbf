"""Word, Excel and QTI files as other programs write them, built part by part."""

import io
import zipfile
from xml.sax.saxutils import escape

OOXML = "http://schemas.openxmlformats.org"
W = f'xmlns:w="{OOXML}/wordprocessingml/2006/main" xmlns:m="{OOXML}/officeDocument/2006/math"'
MC = f'xmlns:mc="{OOXML}/markup-compatibility/2006"'
BOLD, UNDERLINE, RED = "<w:b/>", '<w:u w:val="single"/>', '<w:color w:val="FF0000"/>'
LIST = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr>'
NUMBERING = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Câu %1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""


def package(parts: dict[str, str | bytes]) -> bytes:
    """A zip file of the parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return out.getvalue()


def run(text: str, look: str = "") -> str:
    """A run; a tab or line break in the text becomes Word's own."""
    pieces = escape(text).replace("\t", "</w:t><w:tab/><w:t xml:space='preserve'>")
    pieces = pieces.replace("\n", "</w:t><w:br/><w:t xml:space='preserve'>")
    return f"<w:r><w:rPr>{look}</w:rPr><w:t xml:space='preserve'>{pieces}</w:t></w:r>"


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph of runs; a run without tags is plain text."""
    written = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{written}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table of cells with one paragraph each; a cell that begins with a tag is taken as its content."""
    cells = (
        "".join(f"<w:tc>{cell if cell.startswith('<') else paragraph(cell)}</w:tc>" for cell in row) for row in rows
    )
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def word(*body: str, numbering: str = "", styles: str = "") -> bytes:
    """A Word file; body parts without tags are plain paragraphs."""
    written = "".join(one if one.startswith("<") else paragraph(one) for one in body)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W} {MC}><w:body>{written}<w:sectPr/></w:body></w:document>",
    }
    if numbering:
        parts["word/numbering.xml"] = numbering
    if styles:
        parts["word/styles.xml"] = f"<w:styles {W}>{styles}</w:styles>"
    return package(parts)


def qti_item(body: str, key: str = "<value>B</value>", extra: str = "", version: str = "imsqti_v2p1") -> str:
    """A QTI 2.x item around a body."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/{version}" identifier="i1" title="Câu thử" adaptive="false">
<responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse>{key}</correctResponse>
</responseDeclaration>{extra}<itemBody>{body}</itemBody></assessmentItem>"""


CHOICES = """<p>Thủ đô của Việt Nam?</p><choiceInteraction responseIdentifier="R" shuffle="true" maxChoices="1">
<prompt>Chọn một.</prompt><simpleChoice identifier="A">Huế</simpleChoice>
<simpleChoice identifier="B">Hà Nội</simpleChoice>
<simpleChoice identifier="C" fixed="true">Một nơi khác</simpleChoice></choiceInteraction>"""

QTI3 = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i3" title="Ba">
<qti-response-declaration identifier="R" cardinality="single" base-type="identifier">
<qti-correct-response><qti-value>y</qti-value></qti-correct-response></qti-response-declaration>
<qti-item-body><p>H<sub>2</sub>O là nước, m<sup>2</sup> là diện tích.</p>
<qti-choice-interaction response-identifier="R" max-choices="1" shuffle="true">
<qti-simple-choice identifier="x">Sai</qti-simple-choice><qti-simple-choice identifier="y">Đúng</qti-simple-choice>
</qti-choice-interaction></qti-item-body></qti-assessment-item>"""


def qti_package(items: dict[str, str], kind: str = "imsqti_item_xmlv2p1") -> bytes:
    """A content package whose manifest lists the items."""
    listed = "".join(
        f'<resource identifier="r{place}" type="{kind}" href="{name}"><file href="{name}"/></resource>'
        for place, name in enumerate(items)
    )
    manifest = f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{listed}</resources></manifest>'
    return package({"imsmanifest.xml": manifest, **items})


S = f'xmlns="{OOXML}/spreadsheetml/2006/main" xmlns:r="{OOXML}/officeDocument/2006/relationships"'


def excel(rows: str, extra: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    """An Excel file of one sheet whose `sheetData` holds `rows`."""
    relations = f'<Relationships xmlns="{OOXML}/package/2006/relationships">'
    return package(
        {
            "xl/workbook.xml": f'<workbook {S}><sheets><sheet name="Một" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'{relations}<Relationship Id="r1" Target="sheet.xml"/></Relationships>',
            "xl/sheet.xml": f"<worksheet {S}><sheetData>{rows}</sheetData>{extra}</worksheet>",
            **(more or {}),
        }
    )


def cells(number: int, *texts: str) -> str:
    """A row of inline texts; a cell that begins with a tag is taken as it is."""
    written = (
        text if text.startswith("<") else f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' for text in texts
    )
    return f'<row r="{number}">{"".join(written)}</row>'


HEADINGS = ("Câu hỏi", "A", "B", "C", "D", "Đáp án", "Chủ đề", "Ghim")
