"""Which address of the desk is worth telling others."""

import pytest

from site_agent.desk_address import seen_from_outside


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://192.168.1.20:8766/", True),
        ("https://thi.example.vn/", True),
        ("http://[fd00::5]:8766/", True),
        ("http://127.0.0.1:8766/", False),
        ("http://[::1]:8766/", False),
        ("http://localhost:8766/", False),
        ("", False),
        ("https://thi.example.vn/" + "x" * 300, False),
    ],
)
def test_an_address_is_told_where_another_device_can_open_it(url: str, told: bool) -> None:
    assert seen_from_outside(url) == (url if told else "")
