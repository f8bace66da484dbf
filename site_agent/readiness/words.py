"""The words of `diemcau-site check`: those of every certificate; some differ for whoever sits at the computer."""

from wire.check_advice import ADVICE, Words
from wire.check_words import FOUND, NAMES, keyed
from wire.readiness import Check

NOTHING: Words = ("", "")

HERE: dict[str, Words] = {
    "paired.not_paired": (
        "Mở trang điểm cầu trên máy này, hoặc chạy: diemcau-site pair --server … --code …",
        "Open the site desk on this computer, or run: diemcau-site pair --server … --code …",
    ),
    "not_looked": ("Chưa phải làm gì: sẽ tự kiểm tra.", "Nothing to do: it is looked at by itself."),
}
"""What is said in another way to whoever stands before the computer."""


def name_of(check: Check) -> Words:
    """What was looked at."""
    return NAMES[check.name]


def found_of(check: Check) -> Words:
    """What was found; empty when all is well."""
    return keyed(FOUND, check.name, check.reason) if check.reason else NOTHING


def advice_of(check: Check) -> Words:
    """What to do; empty when all is well."""
    return keyed({**ADVICE, **HERE}, check.name, check.reason) if check.reason else NOTHING
