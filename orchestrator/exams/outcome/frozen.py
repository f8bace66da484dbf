"""Results as they are published: one canonical JSON, its digest, and the mark of one person out of it. Pure."""

import hashlib

import msgspec

from orchestrator.exams.bands import Scheme
from orchestrator.exams.results import CandidateResult, Results


class Publication(msgspec.Struct, frozen=True):
    """A version of the results that was published; `digest` is the SHA-256 of its JSON in hex."""

    version: int
    digest: str
    key_version: int
    received: int
    expected: int
    provisional: bool
    who: str
    at_ms: int


class Contents(msgspec.Struct, frozen=True):
    """What the JSON says."""

    exam: str
    title: str
    key_version: int
    scheme: Scheme
    received: int
    expected: int
    provisional: bool
    maximum: int
    candidates: list[CandidateResult]


class Frozen(msgspec.Struct, frozen=True):
    """A publication about to be kept."""

    digest: bytes
    contents: bytes
    key_version: int
    received: int
    expected: int
    provisional: bool


def freeze(results: Results, key_version: int, scheme: Scheme) -> Frozen:
    """What is kept of these results; the same results have the same digest."""
    told = Contents(
        exam=results.exam,
        title=results.title,
        key_version=key_version,
        scheme=scheme,
        received=results.received,
        expected=results.expected,
        provisional=results.provisional,
        maximum=results.maximum,
        candidates=sorted(results.candidates, key=lambda one: one.number),
    )
    contents = msgspec.json.encode(told)
    return Frozen(
        digest=hashlib.sha256(contents).digest(),
        contents=contents,
        key_version=key_version,
        received=results.received,
        expected=results.expected,
        provisional=results.provisional,
    )


def thawed(contents: bytes) -> Contents:
    """The opposite of the JSON in `freeze`."""
    return msgspec.json.decode(contents, type=Contents)
