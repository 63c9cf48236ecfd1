"""What the map in the browser sends: taken as a stranger's word."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from recommender.app.components.map_plot import read_events


def mask_of(rows: list[int], count: int) -> str:
    bits = np.zeros(count, np.uint8)
    bits[rows] = 1
    return base64.b64encode(np.packbits(bits).tobytes()).decode()


@pytest.mark.parametrize("count", [1, 7, 8, 9, 1000])
def test_a_selection_comes_as_a_bit_a_row(count: int) -> None:
    rows = sorted({0, count // 2, count - 1})
    [event] = read_events({"kind": "select", "turn": "a-1", "mask": mask_of(rows, count)}, count)
    assert event.rows.tolist() == rows


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "select",
        {"kind": "select", "mask": "AA=="},
        {"kind": "select", "turn": "x" * 21 + "-1", "mask": mask_of([1], 9)},
        {"kind": "select", "turn": "a-1", "mask": mask_of([1], 17)},
        {"kind": "select", "turn": "a-1", "mask": base64.b64encode(b"\xff\xff").decode()},
        {"kind": "select", "turn": "a-1", "mask": mask_of([], 9)},
        {"kind": "select", "turn": "a-1", "mask": "&&&&"},
        {"kind": "select", "turn": "a-1", "mask": "A" * 10_000},
        {"kind": "select", "turn": "a-1", "mask": [1, 2]},
        {"kind": "look", "turn": "a-1", "row": 9},
        {"kind": "look", "turn": "a-1", "row": -1},
        {"kind": "look", "turn": "a-1", "row": True},
        {"kind": "look", "turn": "a-1", "row": 1.0},
        {"kind": "click", "turn": 1, "row": 1},
        {"kind": "click", "turn": "1", "row": 1},
        {"kind": "click", "turn": "a-", "row": 1},
        {"kind": "click", "turn": "a-1\n", "row": 1},
        {"kind": "click", "turn": "a-\u0661", "row": 1},
        {"kind": "click", "turn": "a-" + "1" * 16, "row": 1},
        {"kind": "drop", "turn": "a-1", "row": 1},
        {"kind": ["click"], "turn": "a-1", "row": 1},
        {"turn": "a-2", "before": [{"kind": "clear", "turn": "a-1"}]},
    ],
)
def test_what_the_map_would_not_send_is_not_taken(value: Any) -> None:
    assert read_events(value, 9) == ()


@pytest.mark.parametrize(
    "before",
    [
        {"kind": "clear", "turn": "a-1"},
        "clear",
        [None, [], "clear", 1],
        [{"kind": "clear", "turn": "b-1"}],  # another frame's
        [{"kind": "clear", "turn": "a-9"}, {"kind": "look", "turn": "a-10", "row": 1}],  # no earlier ones
        [{"kind": "look", "turn": "a-1", "row": 9}],
        [{"kind": "select", "turn": "a-1", "mask": mask_of([1], 17)}],
        [{"kind": "drop", "turn": "a-1", "before": [{"kind": "clear", "turn": "a-2"}]}],
        [{"kind": "clear", "turn": f"a-{turn}"} for turn in range(1, 5)],
    ],
)
def test_nor_is_it_beside_what_the_map_would_send(before: Any) -> None:
    events = read_events({"kind": "click", "turn": "a-9", "row": 1, "before": before}, 9)
    assert [(event.kind, event.turn) for event in events] == [("click", 9)]


def test_events_come_in_the_order_of_their_turns() -> None:
    before = [{"kind": "look", "turn": "a-10", "row": 2}, {"kind": "clear", "turn": "a-9"}]
    events = read_events({"kind": "click", "turn": "a-11", "row": 1, "before": before}, 9)
    assert [(event.kind, event.turn, event.row) for event in events] == [
        ("clear", 9, -1),
        ("look", 10, 2),
        ("click", 11, 1),
    ]
