"""Every check, and every reason of every check, has words and advice on the pages, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from wire.check_advice import ADVICE, Words
from wire.check_words import BESIDE, BESIDE_ADVICE, BESIDE_FOUND, FOUND, NAMES, advice, found
from wire.readiness import COMMON_REASONS, REASONS, CheckName

SHARED = Path(__file__).parents[3] / "dashboard" / "src" / "shared"
OF_THE_SITE = {"presence.away", "certificate.none", "certificate.old"}


def keys(dictionary: str, file: str = "checks.ts") -> set[str]:
    """The keys of one exported dictionary; the compiler holds each to both languages."""
    return set(said(dictionary, file))


def said(dictionary: str, file: str = "checks.ts") -> dict[str, str]:
    """A dictionary's Vietnamese."""
    text = (SHARED / file).read_text(encoding="utf-8")
    inside = text.split(f"export const {dictionary} = dictionary({{")[1].split("\n});")[0]
    return dict(re.findall(r'^  "?([a-z_.]+)"?: \{\s*vi: "([^"]*)",', inside, flags=re.MULTILINE))


def _vietnamese(*tables: dict[str, Words]) -> dict[str, str]:
    return {key: words[0] for table in tables for key, words in table.items()}


def reasons() -> set[str]:
    own = {f"{name}.{reason}" for name, each in REASONS.items() for reason in each}
    return own | set(COMMON_REASONS) | OF_THE_SITE


def test_every_check_has_a_name() -> None:
    assert keys("checks") == {*CheckName, "presence", "certificate"}


def test_every_reason_says_what_was_found() -> None:
    assert keys("found") == reasons()


def test_every_reason_says_what_to_do() -> None:
    assert keys("advice", "advice.ts") == reasons()


def test_what_is_printed_says_the_same() -> None:
    assert said("checks") == _vietnamese(NAMES, BESIDE)
    assert said("found") == _vietnamese(FOUND, BESIDE_FOUND)
    assert said("advice", "advice.ts") == _vietnamese(ADVICE, BESIDE_ADVICE)


def test_a_finding_does_not_say_its_check_twice() -> None:
    assert found("camera", "dark") == "Máy ảnh: Hình đen"
    assert found("microphone", "silent") == "Micrô bị tắt tiếng"
    assert found("disk", "took_too_long") == "Ổ đĩa: Kiểm tra không xong kịp"
    assert advice("disk", "of_a_newer_agent") == ""
