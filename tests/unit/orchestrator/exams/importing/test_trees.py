import pytest

from orchestrator.exams.importing.package import UnreadableFile
from orchestrator.exams.importing.trees import MOST_DEPTH, MOST_NODES, read_xml

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>"""
OUTSIDE = b"""<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>"""
REMOTE = b"""<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>"""


def test_names_carry_short_prefixes_and_text_keeps_its_order() -> None:
    root = read_xml(b'<a xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" k="1">x<b xmlns="urn:z">y</b>z</a>')
    assert (root.tag, root.attributes, root.text(), [node.tag for node in root.every()]) == (
        "qti:a", {"k": "1"}, "xyz", ["qti:a", "?:b"],
    )  # fmt: skip


@pytest.mark.parametrize("content", [LAUGHS, OUTSIDE, REMOTE, LAUGHS.decode().encode("utf-16")])
def test_a_document_type_is_refused_and_with_it_every_entity(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="DOCTYPE"):
        read_xml(content.replace(b'<?xml version="1.0"?>', b""))


@pytest.mark.parametrize(
    "content", [b"", b"<a>", b"<a></b>", b"<a>&unknown;</a>", b'<?xml version="1.0" encoding="x"?><a/>']
)
def test_what_is_not_xml_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_xml(content)


def test_depth_and_number_of_elements_are_bounded() -> None:
    with pytest.raises(UnreadableFile, match="quá sâu"):
        read_xml(b"<a>" * (MOST_DEPTH + 1) + b"</a>" * (MOST_DEPTH + 1))
    with pytest.raises(UnreadableFile, match="quá lớn"):
        read_xml(b"<a>" + b"<b/>" * MOST_NODES + b"</a>")
