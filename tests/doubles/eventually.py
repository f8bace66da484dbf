"""Waiting for what other tasks bring about."""

import asyncio
from collections.abc import Callable


async def eventually(true: Callable[[], bool], limit_s: float = 30.0, step_s: float = 0.005) -> None:
    """Return as soon as the condition holds; fail the test when it does not within the limit."""
    for _ in range(int(limit_s / step_s)):
        if true():
            return
        await asyncio.sleep(step_s)
    raise AssertionError("it never came true")
