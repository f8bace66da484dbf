"""The images of one file while its questions are read: each stands in the text as one private character until the
question it belongs to is known."""

import posixpath
import re

import msgspec

from orchestrator.exams.bank import Image, ItemRefused, Question, checked
from orchestrator.exams.importing.images import Box, clean_image
from orchestrator.exams.importing.package import Package, UnreadableFile
from orchestrator.exams.importing.trees import Node, read_xml

MOST_IMAGES = 400
"""Images of one file that are decoded."""
NO_CROP: Box = (0.0, 0.0, 0.0, 0.0)

_FIRST = 0xF0000
SIGNS = re.compile("[\U000f0000-\U000fffff]")
"""The characters that stand for images: no reader lets them in from a file's own text."""


class Gallery:
    """Images by the private character that stands for them."""

    def __init__(self) -> None:
        self._images: list[Image] = []
        self._known: dict[tuple[str, Box], str] = {}

    def sign(self, content: bytes, name: str = "", crop: Box = NO_CROP) -> str:
        """The character for an image; a named one is decoded once. Raises `ItemRefused`."""
        known = self._known.get((name, crop)) if name else None
        if known is not None:
            return known
        if len(self._images) >= MOST_IMAGES:
            raise ItemRefused(f"tệp có quá {MOST_IMAGES} hình")
        self._images.append(clean_image(content, crop))
        sign = chr(_FIRST + len(self._images) - 1)
        self._known[(name, crop)] = sign
        return sign

    def placed(self, question: Question) -> Question:
        """The question with `[Hình 1]`, … where its images stand. Raises `ItemRefused`."""
        signs = list(dict.fromkeys(SIGNS.findall("\n".join((question.text, *question.options)))))
        if not signs:
            return question
        words = {sign: f"[Hình {place}]" for place, sign in enumerate(signs, 1)}

        def told(text: str) -> str:
            return SIGNS.sub(lambda found: words[found[0]], text)

        return checked(
            msgspec.structs.replace(
                question,
                text=told(question.text),
                options=tuple(told(option) for option in question.options),
                images=tuple(self._images[ord(sign) - _FIRST] for sign in signs),
            )
        )


def relations(package: Package, name: str) -> dict[str, str]:
    """Parts that a part points to, by relation; links out of the package are left alone."""
    folder, _, file = name.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels"
    if rels not in package:
        return {}
    found = {}
    for node in read_xml(package.read(rels), rels).nodes("rel:Relationship"):
        if node.attributes.get("TargetMode") != "External":
            target = node.attributes.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            found[node.attributes.get("Id", "")] = whole
    return found


class Drawings:
    """Pictures of a Word or Excel part (ECMA-376 part 1 §20.2): one image alone, upright, cropped as in the file."""

    def __init__(self, package: Package, part: str, gallery: Gallery) -> None:
        self._package = package
        self._targets = relations(package, part)
        self._gallery = gallery

    def sign(self, node: Node, otherwise: str) -> str:
        """The character for the drawing's image; raises `ItemRefused`, with `otherwise` for what is no image alone."""
        inner = list(node.every())
        named = [(one, told) for one in inner if (told := _relation(one))]
        if len(named) != 1 or any(one.local in _NO_IMAGE for one in inner):
            raise ItemRefused(otherwise)
        if any(_turned(one) for one in inner):
            raise ItemRefused("hình bị xoay hoặc lật trong tệp: hãy xoay hình rồi lưu lại thành PNG hoặc JPEG")
        name = self._targets.get(named[0][1], "")
        if not name or name not in self._package:
            raise ItemRefused("hình không nằm trong tệp (hình liên kết): hãy chèn hình vào tệp")
        crop = next((_crop(one) for one in inner if one.local == "srcRect"), NO_CROP)
        try:
            content = self._package.read(name)
        except UnreadableFile as fault:
            raise ItemRefused(str(fault)) from fault
        return self._gallery.sign(content, name, crop)


_NO_IMAGE = frozenset({"txbxContent", "textbox", "wgp", "grpSp", "chart", "relIds", "txBody", "wsp"})


def _relation(node: Node) -> str:
    if node.local == "blip":
        return node.attributes.get("r:embed", "")
    return node.attributes.get("r:id", "") if node.local == "imagedata" else ""


def _turned(node: Node) -> bool:
    told = [node.attributes.get(name, "0") for name in ("rot", "flipH", "flipV")]
    return node.local == "xfrm" and any(one not in ("0", "false") for one in told)


def _crop(node: Node) -> Box:
    edges = [node.attributes.get(name, "0") for name in ("l", "t", "r", "b")]
    shares = [int(edge) / 100_000 if re.fullmatch(r"-?\d{1,6}", edge) else 0.0 for edge in edges]
    return (max(0.0, shares[0]), max(0.0, shares[1]), max(0.0, shares[2]), max(0.0, shares[3]))
