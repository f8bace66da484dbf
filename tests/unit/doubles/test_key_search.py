import base64
import json

import pytest

from tests.doubles.key_search import KeySearch

ITEM, RIGHT, WRONG = "item-ab12cd34", "opt-right99", "opt-wrong11"
SEARCH = KeySearch(["canary-5f5f5f"], {ITEM: RIGHT})


@pytest.mark.parametrize(
    "octets",
    [
        b"...canary-5f5f5f...",
        "canary-5f5f5f".encode("utf-16-le"),
        base64.b64encode(b"xcanary-5f5f5f more"),
        b"canary-5f5f5f".hex().encode(),
        f'{{"{ITEM}": ["{RIGHT}"]}}'.encode(),
        f'{{"{ITEM}":"{RIGHT}"}}'.encode(),
        b"\xad" + ITEM.encode() + b"\x91\xab" + RIGHT.encode(),
        f"{RIGHT},{ITEM}".encode(),
        f"{ITEM}:{RIGHT}".encode("utf-16-le"),
        f'{{"{ITEM}":true}}'.encode(),
        f'{{"{ITEM}": 1}}'.encode(),
    ],
)
def test_a_planted_piece_of_the_key_is_found(octets: bytes) -> None:
    assert SEARCH.faults("here", b"before " + octets + b" after")


@pytest.mark.parametrize(
    "octets",
    [
        f'{{"item":"{ITEM}","option":"{WRONG}","mark":1}}'.encode(),
        f'{{"id":"{ITEM}","text":"Câu hỏi?","options":[{{"id":"{RIGHT}","text":"A"}}]}}'.encode(),
    ],
)
def test_a_paper_and_a_wrong_answer_are_no_key(octets: bytes) -> None:
    assert SEARCH.faults("here", octets) == []


def test_a_map_in_the_heap_of_a_page_is_found() -> None:
    strings = ["", "Object", ITEM, RIGHT]
    snapshot = {
        "snapshot": {"meta": {"node_fields": ["type", "name", "edge_count"], "edge_fields": ["type", "name", "to"]}},
        "nodes": [3, 1, 1, 2, 3, 0],
        "edges": [2, 2, 3],
        "strings": strings,
    }
    assert SEARCH.heap_faults(json.dumps(snapshot)) == [f"heap: a property {ITEM} leads to its right option"]
