"""Passwords: hashing off the loop, the length rule, one-time passwords."""

import pytest
from argon2 import PasswordHasher

from orchestrator.access.passwords import Passwords, check_new_password, one_time_password
from orchestrator.errors import Refused
from tests.doubles.centre import quick_passwords


async def test_only_the_right_password_matches() -> None:
    passwords = quick_passwords()
    stored = await passwords.hash("đúng mật khẩu")
    assert "đúng" not in stored
    assert stored.startswith("$argon2id$")
    assert await passwords.matches(stored, "đúng mật khẩu")
    assert not await passwords.matches(stored, "sai mật khẩu")


async def test_nobody_and_a_broken_hash_match_no_password() -> None:
    passwords = quick_passwords()
    assert not await passwords.matches(None, "anything")
    assert not await passwords.matches("not a hash", "anything")


async def test_a_hash_of_weaker_parameters_is_outdated() -> None:
    stored = await quick_passwords().hash("mật khẩu")
    assert not quick_passwords().outdated(stored)
    assert Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)).outdated(stored)


@pytest.mark.parametrize("password", ["", "short", "a" * 9, "a" * 201, "administrator", "Administrator1"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Refused, match="weak_password"):
        check_new_password(password, "administrator")


def test_a_long_enough_password_is_taken() -> None:
    check_new_password("mười ký tự", "admin")
    check_new_password("administrator drinks tea", "administrator")


def test_one_time_passwords_are_strong_readable_and_their_own() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(password) == 19 and not set(password) & set("0o1il") for password in made)
    for password in made:
        check_new_password(password, "admin")
