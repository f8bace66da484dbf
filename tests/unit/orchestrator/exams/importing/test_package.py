import pytest

from orchestrator.exams.importing.package import MOST_PART, MOST_PARTS, MOST_UNPACKED, Package, UnreadableFile
from tests.doubles.word_files import package


def test_parts_are_read_by_name() -> None:
    read = Package(package({"a/b.xml": "<x/>", "c": b"12"}))
    assert (read.names, read.read("c"), "a/b.xml" in read, "d" in read) == (["a/b.xml", "c"], b"12", True, False)
    with pytest.raises(UnreadableFile, match="thiếu"):
        read.read("d")


def test_a_part_that_swells_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(UnreadableFile, match="quá lớn"):
        Package(package({"bomb": bytes(8 << 20)})).read("bomb")


def test_many_parts_share_one_budget() -> None:
    most = bytes(range(256)) * (MOST_PART // 256)
    read = Package(package({"1": most, "2": most, "3": b"nothing left"}))
    assert len(read.read("1") + read.read("2")) == MOST_UNPACKED
    with pytest.raises(UnreadableFile, match="quá lớn"):
        read.read("3")


def test_too_many_parts_and_parts_of_one_name_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="quá nhiều phần"):
        Package(package({str(place): b"" for place in range(MOST_PARTS + 1)}))
    twice = package({"x": "1", "y": "2"}).replace(b"y", b"x")
    with pytest.raises(UnreadableFile, match="trùng tên"):
        Package(twice)


def test_a_damaged_encrypted_or_strangely_packed_file_is_refused() -> None:
    good = bytearray(package({"x": b"content " * 9}))
    with pytest.raises(UnreadableFile):
        Package(bytes(good[: len(good) // 2]))
    central = good.index(b"PK\x01\x02")
    locked = good.copy()
    locked[central + 8] |= 1
    with pytest.raises(UnreadableFile, match="mật khẩu"):
        Package(bytes(locked)).read("x")
    packed = good.copy()
    packed[central + 10] = 14
    with pytest.raises(UnreadableFile, match="kiểu"):
        Package(bytes(packed)).read("x")
    torn = good.copy()
    torn[40] ^= 0xFF
    with pytest.raises(UnreadableFile, match="hỏng"):
        Package(bytes(torn)).read("x")
