"""Reads IMS QTI 2.0 to 2.2 and 3.0: items with one `choiceInteraction` of one right choice, from a content package
(zip with `imsmanifest.xml`) or a single XML file; everything else is refused with file, line and reason.

`fixed` choices keep their place. `shuffle="false"` on the whole interaction does not pin: it is the default of most
authoring tools and says nothing of the question. Scoring rules are not run: `correctResponse` is the key, and a
`mapping` that gives marks to any other choice is refused. QTI 3.0 names are 2.x names with `qti-` and hyphens.
"""

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

import msgspec

from orchestrator.exams.bank import ItemRefused, Parsed, Question, Refusal, Remark, RemarkKind, checked
from orchestrator.exams.importing.gallery import SIGNS, Gallery
from orchestrator.exams.importing.mathml import math_in_line
from orchestrator.exams.importing.package import Package, UnreadableFile
from orchestrator.exams.importing.scripts import lowered, raised
from orchestrator.exams.importing.trees import Node, read_xml

MANIFEST = "imsmanifest.xml"
MOST_ITEMS = 2000

_BLOCKS = frozenset({
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "tbody", "thead", "tfoot", "caption", "pre",
    "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr", "prompt", "section", "article", "address",
    "rubricblock", "contentbody", "figure", "figcaption",
})  # fmt: skip
_INLINE = frozenset({
    "span", "a", "b", "i", "u", "em", "strong", "big", "small", "tt", "code", "kbd", "samp", "var", "q", "cite", "abbr",
    "acronym", "dfn", "sub", "sup", "td", "th", "bdi", "bdo", "s", "ins", "colgroup", "col", "simplechoice", "itembody",
})  # fmt: skip
_EMPHASIS = frozenset({"b", "i", "u", "em", "strong", "s"})
_SKIPPED = frozenset({"feedbackinline", "feedbackblock", "stylesheet", "choiceinteraction"})
_PICTURES = frozenset({"svg", "audio", "video", "picture", "embed", "iframe"})


class _Stored(msgspec.Struct):
    questions: list[Question] = msgspec.field(default_factory=list)
    refused: list[Refusal] = msgspec.field(default_factory=list)
    remarks: list[Remark] = msgspec.field(default_factory=list)


class _Pictures:
    """The images that an item may show: files of the package, by the place of the item's own file."""

    def __init__(self, package: Package | None, item: str, gallery: Gallery) -> None:
        self._package = package
        self._folder = posixpath.dirname(item)
        self.gallery = gallery

    def sign(self, node: Node) -> str:
        """The gallery's character for an `img` or `object`. Raises `ItemRefused`."""
        told = _said(node, "src") or _said(node, "data")
        where = f"({node.local[:40]}, dòng {node.line})"
        name = posixpath.normpath(posixpath.join(self._folder, unquote(told)))
        if self._package is None or ":" in told or name not in self._package:
            raise ItemRefused(f"có hình không nằm trong gói {where}: {told[:60]}")
        if _name(node) == "object" and not _said(node, "type").startswith("image/"):
            raise ItemRefused(f"có đối tượng không phải hình {where}, chưa nhận được")
        try:
            return self.gallery.sign(self._package.read(name), name)
        except (UnreadableFile, ItemRefused) as reason:
            raise ItemRefused(f"{reason} {where}") from reason


def parse_qti(content: bytes) -> Parsed:
    """All questions of a package or of one XML file. Raises `UnreadableFile` when it cannot be read at all."""
    out = _Stored()
    if content.startswith(b"PK"):
        _package(Package(content), out)
    else:
        _item(read_xml(content, "XML"), "", out, _Pictures(None, "", Gallery()))
    return Parsed(tuple(out.questions), tuple(out.refused), tuple(out.remarks))


def _package(package: Package, out: _Stored) -> None:
    hrefs = list(dict.fromkeys(_items_of(read_xml(package.read(MANIFEST), MANIFEST), out)))
    if len(hrefs) > MOST_ITEMS:
        raise UnreadableFile(f"Gói QTI có quá {MOST_ITEMS} câu.")
    gallery = Gallery()
    for href in hrefs:
        name = posixpath.normpath(unquote(href))
        try:
            root = read_xml(package.read(name), name[:80])
        except UnreadableFile as fault:
            out.refused.append(Refusal(1, str(fault)))
            continue
        _item(root, f"{name[:80]}: ", out, _Pictures(package, name, gallery))


def _items_of(manifest: Node, out: _Stored) -> Iterator[str]:
    """The files of the manifest's items; tests, pictures and style sheets are no questions."""
    found = False
    for node in manifest.every():
        kind = node.attributes.get("type", "")
        if node.local != "resource" or not kind.startswith("imsqti_"):
            continue
        if kind.startswith(("imsqti_item_", "imsqti_assessmentItem")):
            found = True
            yield node.attributes.get("href", "")
        elif not kind.startswith(("imsqti_test_", "imsqti_section", "imsqti_assessmentTest", "imsqti_rptemplate_")):
            out.refused.append(Refusal(node.line, f"{MANIFEST}: loại “{kind[:60]}” chưa được nhận"))
    if not found:
        out.refused.append(Refusal(1, f"{MANIFEST}: gói không có câu hỏi QTI 2.x hoặc 3.0 nào"))


def _name(node: Node) -> str:
    """`qti-simple-choice` and `simpleChoice` are one name."""
    return node.local.removeprefix("qti-").replace("-", "").lower()


def _said(node: Node, name: str) -> str:
    """An attribute by its 2.x name in lower case; 3.0 writes hyphens."""
    return next((value for key, value in node.attributes.items() if key.replace("-", "").lower() == name), "")


def _item(root: Node, where: str, out: _Stored, pictures: _Pictures) -> None:
    try:
        question, note = _question(root, pictures)
    except ItemRefused as reason:
        out.refused.append(Refusal(root.line, f"{where}{reason}"))
        return
    out.questions.append(question)
    if note:
        out.remarks.append(Remark(question.line, RemarkKind.LEFT_OUT, f"{where}{note}"))


def _question(root: Node, pictures: _Pictures) -> tuple[Question, str]:
    _refuse_root(root)
    body = next((node for node in root.nodes() if _name(node) == "itembody"), None)
    if body is None:
        raise ItemRefused("không có itemBody")
    choice = _interaction(body)
    choices = [node for node in choice.nodes() if _name(node) == "simplechoice"]
    names = [_said(node, "identifier") for node in choices]
    if len(set(names)) != len(names):
        raise ItemRefused("hai phương án cùng một identifier")
    key = _key(root, _said(choice, "responseidentifier"), names)
    stem = _stem(body, choice, pictures)
    options = tuple(_text(node, pictures) for node in choices)
    fixed = tuple(place for place, node in enumerate(choices) if _said(node, "fixed") == "true")
    title = _said(root, "title") or _said(root, "identifier")
    plain = checked(Question(choice.line, title[:200], "", "plain", stem, options, names.index(key), fixed))
    question = pictures.gallery.placed(plain)
    lost = any(_name(node) in _EMPHASIS for node in body.every())
    return question, "chữ nhấn mạnh (đậm, gạch chân, nghiêng) thành chữ thường" if lost else ""


def _refuse_root(root: Node) -> None:
    name = _name(root)
    if name == "questestinterop":
        raise ItemRefused("QTI 1.x chưa được nhận: hãy xuất lại theo QTI 2.1 hoặc 3.0")
    if name != "assessmentitem" or not root.tag.startswith(("qti:", "assessmentItem", "qti-")):
        raise ItemRefused(f"không phải là câu hỏi QTI 2.x hoặc 3.0 ({root.local[:40]})")
    for node in root.nodes():
        if _name(node) in ("templatedeclaration", "templateprocessing"):
            raise ItemRefused("câu có tham số thay đổi (template) chưa được nhận")
        if _name(node) in ("assessmentstimulusref", "companionmaterialsinfo"):
            raise ItemRefused("câu dựa vào học liệu ở tệp khác: hãy chép học liệu vào câu")


def _interaction(body: Node) -> Node:
    found = [node for node in body.every() if _name(node).endswith("interaction")]
    for node in found:
        if _name(node) != "choiceinteraction":
            raise ItemRefused(f"{node.local[:40]} chưa được nhận (chỉ nhận một lựa chọn đúng), dòng {node.line}")
    if len(found) != 1:
        raise ItemRefused(f"cần đúng một choiceInteraction, ở đây có {len(found)}")
    most = _said(found[0], "maxchoices") or "1"
    if most.strip() != "1":
        raise ItemRefused(f"câu được chọn nhiều phương án (maxChoices {most[:10]}) chưa được nhận")
    return found[0]


def _key(root: Node, response: str, names: list[str]) -> str:
    declared = [
        node for node in root.nodes() if _name(node) == "responsedeclaration" and _said(node, "identifier") == response
    ]
    if len(declared) != 1:
        raise ItemRefused("thiếu đáp án (responseDeclaration)")
    if _said(declared[0], "cardinality") not in ("single", ""):
        raise ItemRefused("câu nhiều đáp án chưa được nhận (chỉ nhận một lựa chọn đúng)")
    values = [
        node.text().strip()
        for part in declared[0].nodes()
        if _name(part) == "correctresponse"
        for node in part.nodes()
        if _name(node) == "value"
    ]
    if len(values) != 1:
        raise ItemRefused(f"cần đúng một phương án đúng, ở đây có {len(values)}" if values else "thiếu đáp án")
    if values[0] not in names:
        raise ItemRefused(f"đáp án {values[0][:40]} không chỉ vào phương án nào")
    _refuse_part_marks(declared[0], values[0])
    return values[0]


def _refuse_part_marks(declared: Node, key: str) -> None:
    for node in declared.every():
        if _name(node) == "mapentry" and _said(node, "mapkey") != key:
            try:
                worth = float(_said(node, "mappedvalue") or "0")
            except ValueError:
                worth = 1.0
            if not worth <= 0:
                raise ItemRefused("câu tính điểm từng phần chưa được nhận (chỉ nhận một lựa chọn đúng)")


# --- text --------------------------------------------------------------------------------------------------------


def _stem(body: Node, choice: Node, pictures: _Pictures) -> str:
    prompts = [node for node in choice.nodes() if _name(node) == "prompt"]
    for node in choice.nodes():
        if _name(node) not in ("prompt", "simplechoice"):
            raise ItemRefused(f"có {node.local[:40]} trong choiceInteraction, chưa đọc được")
    parts = [_text(body, pictures), *(_text(prompt, pictures) for prompt in prompts)]
    return "\n".join(part for part in parts if part)


def _text(node: Node, pictures: _Pictures) -> str:
    pieces: list[str] = []
    _write(node, pieces, pictures, kept=False)
    lines = "".join(pieces).split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def _write(node: Node, pieces: list[str], pictures: _Pictures, *, kept: bool) -> None:
    """Text in order; `kept` keeps line breaks, as inside `pre`."""
    for child in node.children:
        if isinstance(child, str):
            words = SIGNS.sub("\ufffd", child)
            pieces.append(words if kept else re.sub(r"\s+", " ", words))
            continue
        name = _name(child)
        if name in _SKIPPED:
            # What stands behind the choices goes on in a line of its own.
            pieces.append("\n" if name == "choiceinteraction" else "")
        elif name == "rubricblock" and "candidate" not in _said(child, "view"):
            continue
        elif child.tag == "math:math":
            pieces.append(math_in_line(child))
        elif name in ("img", "object"):
            pieces.append(pictures.sign(child))
        elif name in _PICTURES:
            raise ItemRefused(f"có hình vẽ hoặc âm thanh ({child.local[:40]}, dòng {child.line}), chưa nhận được")
        elif name in _BLOCKS or name in _INLINE:
            _element(child, name, pieces, pictures, kept=kept)
        else:
            raise ItemRefused(f"có nội dung chưa đọc được ({child.local[:40]}, dòng {child.line})")


def _element(node: Node, name: str, pieces: list[str], pictures: _Pictures, *, kept: bool) -> None:
    inner: list[str] = []
    _write(node, inner, pictures, kept=kept or name == "pre")
    text = "".join(inner)
    if name in ("sup", "sub"):
        text = raised(text) if name == "sup" else lowered(text)
    if name in ("td", "th") and pieces and not pieces[-1].endswith("\n"):
        text = f" | {text}"
    pieces.append(f"\n{text}\n" if name in _BLOCKS else text)
