"""Changes to messages as trees of values: the bytes stay well-formed, so that what reads the values sees them."""

import random
from collections.abc import Callable
from typing import Any

from tests.fuzz.changes import changed

NUMBERS = (-1, 0, 1, 2**31, 2**53, 2**63 - 1, 2**63, 2**64 - 1, -(2**63))
"""Edges, the largest and the smallest that a message can hold last."""
WORDS = ("", "\0", "\u202e", "x" * 41, "é" * 5000, "'; --", "exam-none", "0001", "\ufffe")
DEEP = 400


def changed_tree(chance: random.Random, tree: Any) -> Any:
    """The same with one to four values changed, dropped, doubled or of another kind."""
    for _ in range(chance.randint(1, 4)):
        tree = _changed(chance, tree)
    return tree


def _changed(chance: random.Random, value: Any) -> Any:
    inner = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    if inner and chance.random() < 0.85:
        key = chance.choice(inner)
        value = value.copy()
        value[key] = _changed(chance, value[key])
        return value
    if chance.random() < 0.1:
        return _of_another_kind(chance)
    return _LEAVES.get(type(value), _changed_number)(chance, value)


def _changed_number(chance: random.Random, value: Any) -> Any:
    return chance.choice((*NUMBERS, min(value + 1, NUMBERS[-2]), max(value - 1, NUMBERS[-1]), float(value)))


def _changed_text(chance: random.Random, value: str) -> str:
    return chance.choice((*WORDS, value[:-1], value + "0", value[::-1]))


def _changed_bytes(chance: random.Random, value: bytes) -> bytes:
    return chance.choice((b"", value[:-1], value * 3, changed(chance, value, [value])))


def _changed_choice(chance: random.Random, _value: Any) -> Any:
    return chance.choice((True, False, None))


def _changed_dict(chance: random.Random, value: dict[Any, Any]) -> dict[Any, Any]:
    value = value.copy()
    if not value:
        return {"a": 1}
    one, other = chance.choice(list(value)), chance.choice(list(value))
    match chance.randrange(3):
        case 0:
            del value[one]
        case 1:
            value[one] = value[other]
        case _:
            value[chance.choice(WORDS)] = value[one]
    return value


def _changed_list(chance: random.Random, value: list[Any]) -> list[Any]:
    match chance.randrange(5):
        case 0:
            return []
        case 1:
            return value[:-1]
        case 2:
            return value[::-1]
        case 3:
            return value + value
        case _:
            return value * chance.choice((1, 50, 3000)) if len(value) < 50 else value[1:]


def _of_another_kind(chance: random.Random) -> Any:
    deep: Any = 1
    for _ in range(DEEP):
        deep = [deep]
    return chance.choice((None, True, 1, -1.5, "a", b"a", [], {}, {"type": "answer"}, deep))


_LEAVES: dict[type, Callable[[random.Random, Any], Any]] = {
    dict: _changed_dict,
    list: _changed_list,
    bytes: _changed_bytes,
    str: _changed_text,
    bool: _changed_choice,
    type(None): _changed_choice,
}
