"""Changes to files as bytes: what a bad copy, a wrong program or a malicious person makes of them."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence

from tests.doubles import word_files as made

MOST_REPEATS = 60_000
MOST_OCTETS = 6 << 20
_SIGNS = "{ } ~ = \\ :: # %50% // $CATEGORY: ANSWER: A. Câu Đáp 1-A -1 1e999 _x0000_ ]]> <!-- -->"
_TAGS = "w:p /w:p w:tbl w:tr w:tc w:r w:br/ w:tab/ m:oMath m:f c row p sup simpleChoice"
_SNARES = [
    *(word.encode() for word in _SIGNS.split()),
    *(f"<{tag}>".encode() for tag in _TAGS.split()),
    *(f"&{name};".encode() for name in ("amp", "lt", "#0", "#x10FFFF", "b")),
    b"\n", b"\n\n", b" ", b"\t", b"\xff", b"\x00", b"\xed\xa0\x80", b"9" * 20, "\u0301".encode(), "\u200b".encode(),
    b'"\\ud800"', b"\\u0000",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<![CDATA[", b" xmlns:q='urn:q'", b"PK\x03\x04", b"PK\x01\x02",
    "Câu 1. ".encode(), "Đáp án: ".encode(),
]  # fmt: skip


def mutated(chance: random.Random, corpus: Sequence[bytes]) -> bytes:
    """A file of the corpus with one to six changes; a package mostly inside one of its parts, so that its sums hold."""
    content = chance.choice(corpus)
    if content.startswith(b"PK") and chance.random() < 0.85:
        return _inside(chance, content, corpus)
    return changed(chance, content, corpus)


def _inside(chance: random.Random, content: bytes, corpus: Sequence[bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for _ in range(chance.randint(1, 2)):
        name = chance.choice(list(parts))
        parts[name] = changed(chance, parts[name], corpus)
    if chance.random() < 0.05:
        del parts[chance.choice(list(parts))]
    return made.package(dict(parts))


def changed(chance: random.Random, content: bytes, corpus: Sequence[bytes]) -> bytes:
    """One to six changes anywhere."""
    for _ in range(chance.randint(1, 6)):
        content = chance.choice(_CHANGES)(chance, content, corpus)[:MOST_OCTETS]
    return content


def _at(chance: random.Random, content: bytes) -> int:
    return chance.randint(0, len(content))


def _flip(chance: random.Random, content: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = _at(chance, content)
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def _cut(chance: random.Random, content: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = _at(chance, content)
    return content[:at] + content[at + chance.choice([1, 3, 40, 1000]) :]


def _insert(chance: random.Random, content: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = _at(chance, content)
    return content[:at] + chance.choice(_SNARES) * chance.choice([1, 1, 1, 2, 50]) + content[at:]


def _swell(chance: random.Random, content: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = _at(chance, content)
    return content[:at] + chance.choice(_SNARES) * chance.randint(100, MOST_REPEATS) + content[at:]


def _double(chance: random.Random, content: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = _at(chance, content)
    piece = content[at : at + chance.choice([5, 100, 2000])]
    return content[:at] + piece * chance.choice([1, 2, 200]) + content[at:]


def _splice(chance: random.Random, content: bytes, corpus: Sequence[bytes]) -> bytes:
    other = chance.choice(corpus)
    at = _at(chance, other)
    return content[: _at(chance, content)] + other[at : at + 5000]


def _tag(chance: random.Random, content: bytes, _corpus: Sequence[bytes]) -> bytes:
    """Wrap, drop, double or rename one element, so that the XML often stays well-formed."""
    tags = list(re.finditer(rb"<([\w:-]{1,40})(?: [^<>]{0,300}?)?(/?)>", content[:60_000]))
    if not tags:
        return content
    tag, other = chance.choice(tags), chance.choice(tags)
    if tag[2]:
        return content[: tag.end()] + tag[0] * chance.choice([0, 1, 300]) + content[tag.end() :]
    close = content.find(b"</" + tag[1] + b">", tag.end())
    if close < 0:
        return content
    end = close + len(tag[1]) + 3
    whole, inner = content[tag.start() : end], content[tag.end() : close]
    deep = chance.choice([2, 20, 130])
    new = chance.choice(
        [
            b"",
            inner,
            (whole * chance.choice([2, 40]))[:MOST_OCTETS],
            b"<" + other[1] + b">" + inner + b"</" + other[1] + b">",
            tag[0] * deep + inner + (b"</" + tag[1] + b">") * deep,
        ]
    )
    return content[: tag.start()] + new + content[end:]


_CHANGES: list[Callable[[random.Random, bytes, Sequence[bytes]], bytes]] = [
    _flip, _cut, _insert, _insert, _swell, _double, _splice, _tag, _tag, _tag, _tag,
]  # fmt: skip
