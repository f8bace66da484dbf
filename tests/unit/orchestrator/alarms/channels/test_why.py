"""Why a channel did not carry a message, as an administrator reads it: in both languages, with what to look at."""

from __future__ import annotations

import pytest

from orchestrator.alarms.channels.sending import why_of


@pytest.mark.parametrize(
    ("said", "vi", "en"),
    [
        (
            "Failed to send JSON POST notification: Not Found, error=404.",
            "Máy chủ nhận tin trả lời lỗi 404: sai địa chỉ.",
            "The receiving server answered 404: a wrong address.",
        ),
        (
            "Failed to send JSON POST notification: Service Unavailable, error=503.",
            "Máy chủ nhận tin trả lời lỗi 503.",
            "The receiving server answered 503.",
        ),
        (
            'Connection error while submitting email to "thu.example.vn"',
            "Không nối được tới máy chủ nhận tin, hoặc nó không trả lời hay không nhận tài khoản.",
            "The receiving server cannot be reached, does not answer, or refuses the account.",
        ),
        ("", "Không gửi được.", "It could not be sent."),
        (
            "No such room / channel",
            "Dịch vụ gửi tin báo: No such room/channel",
            "The service says: No such room/channel",
        ),
    ],
)
def test_each_reader_is_told_in_their_own_language(said: str, vi: str, en: str) -> None:
    assert why_of(said).split(" / ") == [vi, en]
