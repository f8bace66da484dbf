"""A person model that always answers the same: a real ONNX file, written here field by field.

The graph takes any picture, multiplies it away, and adds its answer. Field numbers are those of ``onnx.proto`` (ONNX
1.x, IR version 8); numbers are varints, strings and messages are length-delimited (protobuf encoding, wire types 0
and 2).
"""

import numpy as np
import numpy.typing as npt

from site_agent.camera.boxes import Box
from site_agent.camera.person import FIELDS, INPUT, STRIDES

FLOAT = 1
INT64 = 7
INTS = 7


def person_model(people: list[Box], width: int, height: int) -> bytes:
    """A model that sees these people in every picture of this size, each in a cell of the coarsest grid."""
    return _model(_answer(people, min(INPUT[0] / width, INPUT[1] / height)))


def other_model() -> bytes:
    """A model of something else: it answers one row."""
    return _model(np.zeros((1, 1, FIELDS), dtype=np.float32))


def _answer(people: list[Box], scale: float) -> npt.NDArray[np.float32]:
    counts = [(INPUT[0] // stride) * (INPUT[1] // stride) for stride in STRIDES]
    rows = np.zeros((1, sum(counts), FIELDS), dtype=np.float32)
    stride = STRIDES[-1]
    for place, person in enumerate(people):
        across = INPUT[0] // stride
        cell = np.asarray([place % across, place // across])
        row = rows[0, sum(counts[:-1]) + place]
        row[:2] = np.asarray(person.centre) * scale / stride - cell
        row[2:4] = np.log(np.asarray([person.w, person.h]) * scale / stride)
        row[4], row[5] = 1.0, person.score
    return rows


def _model(answer: npt.NDArray[np.float32]) -> bytes:
    zeros = np.zeros((1, 3, 1, 1), dtype=np.float32)
    graph = b"".join(
        [
            _node("GlobalAveragePool", ["picture"], "mean"),
            _node("Conv", ["mean", "nothing"], "nought", _field(5, _ints("kernel_shape", [1, 1]))),
            _node("Reshape", ["nought", "flat"], "flat_nought"),
            _node("Add", ["flat_nought", "answer"], "said"),
            _field(2, b"double"),
            _field(5, _tensor("nothing", zeros)),
            _field(5, _tensor("flat", np.asarray([1, 1, 1], dtype=np.int64))),
            _field(5, _tensor("answer", answer)),
            _field(11, _value("picture", [1, 3, INPUT[1], INPUT[0]])),
            _field(12, _value("said", list(answer.shape))),
        ]
    )
    return _number(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _number(2, 13))


def _node(kind: str, inputs: list[str], output: str, attributes: bytes = b"") -> bytes:
    told = b"".join(_field(1, each.encode()) for each in inputs)
    return _field(
        1, told + _field(2, output.encode()) + _field(3, output.encode()) + _field(4, kind.encode()) + attributes
    )


def _ints(name: str, values: list[int]) -> bytes:
    return _field(1, name.encode()) + b"".join(_number(8, each) for each in values) + _number(20, INTS)


def _tensor(name: str, values: npt.NDArray[np.float32] | npt.NDArray[np.int64]) -> bytes:
    kind = FLOAT if values.dtype == np.float32 else INT64
    sizes = b"".join(_number(1, each) for each in values.shape)
    return sizes + _number(2, kind) + _field(8, name.encode()) + _field(9, values.tobytes())


def _value(name: str, shape: list[int]) -> bytes:
    sizes = b"".join(_field(1, _number(1, each)) for each in shape)
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, FLOAT) + _field(2, sizes)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    said = bytearray()
    while value > 0x7F:
        said.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*said, value])
