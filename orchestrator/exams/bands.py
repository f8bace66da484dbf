"""How a count becomes a word: bands and the rule for void items, as data of each exam. Pure.

A band holds [its floor, the next floor), as the grading rules say with "cận"; it is decided on the integer count,
never on a rounded mark.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

import msgspec

SCALE = 10
FULL = SCALE * 100
"""The whole scale in hundredths."""
MOST_BANDS = 10
LONGEST_NAME = 40


class Band(msgspec.Struct, frozen=True):
    """`floor`: the lowest mark of the band in hundredths of a point (6,5 is 650)."""

    key: str
    name: str
    floor: int


class VoidRule(StrEnum):
    """What a void item comes to: DROP leaves the maximum, CREDIT gives the point to everybody who opened the paper."""

    DROP = "drop"
    CREDIT = "credit"


BANDS = (
    Band("xuat_sac", "Xuất sắc", 900),
    Band("gioi", "Giỏi", 800),
    Band("kha", "Khá", 700),
    Band("trung_binh", "Trung bình", 500),
    Band("yeu", "Yếu", 400),
    Band("kem", "Kém", 0),
)


class Scheme(msgspec.Struct, frozen=True):
    """`passing`: floor of "đạt" in hundredths; `most_void`: of all items, how many percent may be void in all before
    the exam should rather be held again."""

    bands: tuple[Band, ...] = BANDS
    void: VoidRule = VoidRule.DROP
    passing: int = 500
    most_void: int = 10


USUAL = Scheme()


def reaches(correct: int, maximum: int, floor: int) -> bool:
    """Whether a count is at or above a floor in hundredths, by integers."""
    return correct * FULL >= floor * maximum


def band(correct: int, maximum: int, bands: Sequence[Band] = BANDS) -> str:
    """The key of the band of a count."""
    return next((one.key for one in bands if reaches(correct, maximum, one.floor)), bands[-1].key)


def lowest_counts(scheme: Scheme, maximum: int) -> dict[str, int]:
    """Items right from which each band begins: 40 of 50 for "giỏi"."""
    return {one.key: -(-one.floor * maximum // FULL) for one in scheme.bands}


def faults(scheme: Scheme) -> list[str]:
    """Everything that keeps a scheme from being used, in Vietnamese."""
    floors = [one.floor for one in scheme.bands]
    told = []
    if not 2 <= len(floors) <= MOST_BANDS:
        told.append(f"cần từ 2 đến {MOST_BANDS} mức xếp loại")
    if any(low >= high for high, low in pairwise(floors)):
        told.append("điểm sàn phải giảm dần từ mức cao xuống mức thấp")
    if floors and (floors[-1] != 0 or floors[0] > FULL):
        told.append(f"mức thấp nhất phải bắt đầu từ 0 và mức cao nhất không quá {SCALE}")
    if any(not 1 <= len(one.name.strip()) <= LONGEST_NAME or not one.key.strip() for one in scheme.bands):
        told.append(f"tên mỗi mức cần 1 đến {LONGEST_NAME} ký tự")
    if len({one.name.strip().casefold() for one in scheme.bands}) < len(floors) or len(
        {one.key for one in scheme.bands}
    ) < len(floors):
        told.append("hai mức xếp loại trùng tên")
    if not 0 <= scheme.passing <= FULL:
        told.append(f"điểm đạt phải từ 0 đến {SCALE}")
    if not 0 <= scheme.most_void <= 100:
        told.append("tỉ lệ câu bị loại phải từ 0 đến 100 %")
    return told
