from orchestrator.exams.printed.layout import Block, Piece, blocks, columns, right_letters
from wire.ids import ItemId, OptionId
from wire.paper import Item, Option, Picture

PICTURE = Picture("p1", "image/png", 300, 150, b"")


def item(*options: str) -> Item:
    made = tuple(Option(OptionId(f"o{place}"), text) for place, text in enumerate(options))
    return Item(ItemId("q"), "?", made)


def test_lines_with_as_many_cells_are_a_table_and_a_single_one_is_not() -> None:
    made = blocks("Bảng:\nA | B\n1 | 2\nHết\nx | y", (), {})
    assert [bool(block.rows) for block in made] == [False, True, False, False]
    assert made[1].rows == [[[Piece("A")], [Piece("B")]], [[Piece("1")], [Piece("2")]]]


def test_images_stand_where_their_marks_are_and_keep_their_width_on_paper() -> None:
    made = blocks("Xem [Hình 1] và [Hình 2]", ("p1",), {"p1": PICTURE})
    assert made == [Block(line=[Piece("Xem "), Piece(image="p1", width=50.8), Piece(" và [Hình 2]")])]


def test_short_options_stand_beside_each_other() -> None:
    assert [columns(item(*["7"] * 4)), columns(item("một trăm linh hai", "b")), columns(item("x" * 40, "b"))] == [
        4,
        2,
        1,
    ]


def test_a_void_question_has_no_right_letter() -> None:
    asked = item("a", "b", "c")
    assert right_letters(asked, (OptionId("o1"), OptionId("o2"))) == "B, C"
    assert right_letters(asked, ()) == "–"
