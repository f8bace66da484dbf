"""The chain of the audit trail, without a database."""

import msgspec
import pytest

from orchestrator.access.audit import Verdict, chained, check
from orchestrator.access.store import AuditRow
from wire.chain import GENESIS


def trail(length: int) -> list[AuditRow]:
    rows: list[AuditRow] = []
    for seq in range(1, length + 1):
        prev = rows[-1].hash if rows else GENESIS
        deed = {"who": "admin", "action": "login", "target": "", "detail": str(seq)}
        rows.append(chained(prev, seq=seq, at_ns=seq * 1000, **deed))
    return rows


def test_a_whole_trail_verifies() -> None:
    assert check([]) == Verdict(0, None)
    assert check(trail(5)) == Verdict(5, None)


@pytest.mark.parametrize("field", ["at_ns", "who", "action", "target", "detail", "prev", "hash"])
def test_a_change_of_any_field_shows_at_its_row(field: str) -> None:
    rows = trail(5)
    values = {"at_ns": 7, "prev": b"x" * 32, "hash": b"x" * 32}
    rows[2] = msgspec.structs.replace(rows[2], **{field: values.get(field, "changed")})
    assert check(rows) == Verdict(2, 3)


def test_a_missing_row_shows_at_the_next_one() -> None:
    rows = trail(5)
    del rows[1]
    assert check(rows) == Verdict(1, 3)


def test_swapped_rows_show() -> None:
    rows = trail(5)
    rows[1], rows[2] = rows[2], rows[1]
    assert check(rows) == Verdict(1, 3)


def test_a_row_rehashed_after_a_change_shows_at_the_one_after_it() -> None:
    rows = trail(5)
    old = rows[2]
    rows[2] = chained(old.prev, seq=3, at_ns=old.at_ns, who="somebody", action="login", target="", detail="3")
    assert check(rows) == Verdict(3, 4)
