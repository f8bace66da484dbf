"""Every check, and every reason of every check, has words and advice on the pages, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from wire.readiness import COMMON_REASONS, REASONS, CheckName

SHARED = Path(__file__).parents[3] / "dashboard" / "src" / "shared"
OF_THE_SITE = {"presence.away", "certificate.none", "certificate.old"}


def keys(dictionary: str, file: str = "checks.ts") -> set[str]:
    """The keys of one exported dictionary; the compiler holds each to both languages."""
    text = (SHARED / file).read_text(encoding="utf-8")
    inside = text.split(f"export const {dictionary} = dictionary({{")[1].split("\n});")[0]
    return set(re.findall(r'^  "?([a-z_.]+)"?: \{', inside, flags=re.MULTILINE))


def reasons() -> set[str]:
    own = {f"{name}.{reason}" for name, each in REASONS.items() for reason in each}
    return own | set(COMMON_REASONS) | OF_THE_SITE


def test_every_check_has_a_name() -> None:
    assert keys("checks") == {*CheckName, "presence", "certificate"}


def test_every_reason_says_what_was_found() -> None:
    assert keys("found") == reasons()


def test_every_reason_says_what_to_do() -> None:
    assert keys("advice", "advice.ts") == reasons()
