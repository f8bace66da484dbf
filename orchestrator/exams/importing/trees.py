"""XML from a stranger as a small tree. A document type is refused, and with it every entity but XML's own five; nothing
outside the bytes is ever looked at; elements, depth and text are bounded."""

from collections.abc import Iterator
from xml.parsers import expat

import msgspec

from orchestrator.exams.importing.package import UnreadableFile

MOST_NODES = 400_000
MOST_DEPTH = 120
"""Deeper than any real document; walkers of the tree may recurse."""
MOST_ATTRIBUTES = 200

_OOXML = "http://schemas.openxmlformats.org"
_STRICT = "http://purl.oclc.org/ooxml"
_PREFIXES = {
    f"{_OOXML}/wordprocessingml/2006/main": "w",
    f"{_STRICT}/wordprocessingml/main": "w",
    f"{_OOXML}/spreadsheetml/2006/main": "s",
    f"{_STRICT}/spreadsheetml/main": "s",
    f"{_OOXML}/officeDocument/2006/relationships": "r",
    f"{_STRICT}/officeDocument/relationships": "r",
    f"{_OOXML}/package/2006/relationships": "rel",
    f"{_OOXML}/officeDocument/2006/math": "m",
    f"{_STRICT}/officeDocument/math": "m",
    f"{_OOXML}/drawingml/2006/spreadsheetDrawing": "xdr",
    f"{_STRICT}/drawingml/spreadsheetDrawing": "xdr",
    f"{_OOXML}/markup-compatibility/2006": "mc",
    "http://schemas.microsoft.com/office/word/2015/wordml/symex": "w16se",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://www.w3.org/1998/Math/MathML": "math",
    "http://www.imsglobal.org/xsd/imsqti_v2p0": "qti",
    "http://www.imsglobal.org/xsd/imsqti_v2p1": "qti",
    "http://www.imsglobal.org/xsd/imsqti_v2p2": "qti",
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0": "qti",
}


class Node(msgspec.Struct):
    """An element: `tag` and attribute names are `prefix:local` by the table above, `?:local` for a namespace that is
    not in it, `local` for none. `line` is where it begins, from 1."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list["Node | str"]

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.tag.rpartition(":")[2]

    def nodes(self, tag: str | None = None) -> Iterator["Node"]:
        """The child elements, of one tag if given."""
        for child in self.children:
            if isinstance(child, Node) and (tag is None or child.tag == tag):
                yield child

    def first(self, tag: str) -> "Node | None":
        """The first child element of the tag."""
        return next(self.nodes(tag), None)

    def every(self) -> Iterator["Node"]:
        """Itself and all elements below, in the document's order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(child for child in reversed(node.children) if isinstance(child, Node))

    def text(self) -> str:
        """All text below, in the document's order."""
        pieces: list[str] = []
        waiting: list[Node | str] = [self]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, str):
                pieces.append(thing)
            else:
                waiting.extend(reversed(thing.children))
        return "".join(pieces)


def read_xml(content: bytes, name: str = "XML") -> Node:
    """The document's root element. Raises `UnreadableFile` when it is not well-formed, unsafe or too large."""
    growing = _Growing(name)
    try:
        growing.parser.Parse(content, True)
    except expat.ExpatError as fault:
        raise UnreadableFile(f"{name}: XML sai ở dòng {fault.lineno}.") from fault
    except (ValueError, LookupError) as fault:
        if isinstance(fault, UnreadableFile):
            raise
        raise UnreadableFile(f"{name}: bảng mã của XML không đọc được.") from fault
    return growing.root()


class _Growing:
    def __init__(self, name: str) -> None:
        self._name = name
        self._top = Node("", {}, 0, [])
        self._open = [self._top]
        self._count = 0
        self._names: dict[str, str] = {}
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse

    def root(self) -> Node:
        return next(self._top.nodes())

    def _refuse(self, *_told: object) -> int:
        raise UnreadableFile(f"{self._name}: có khai báo DOCTYPE/ENTITY, không được nhận.")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_NODES or len(self._open) > MOST_DEPTH or len(attributes) > MOST_ATTRIBUTES:
            raise UnreadableFile(f"{self._name}: quá lớn hoặc lồng quá sâu.")
        named = {self._short(key): value for key, value in attributes.items()}
        node = Node(self._short(name), named, self.parser.CurrentLineNumber, [])
        self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].children.append(text)

    def _short(self, name: str) -> str:
        known = self._names.get(name)
        if known is None:
            space, parted, local = name.rpartition(" ")
            known = f"{_PREFIXES.get(space, '?')}:{local}" if parted else name
            self._names[name] = known
        return known
