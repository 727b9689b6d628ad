"""GitHub's line hash, against its own vectors and against a second, slow implementation."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from netpol_lint.report.parts.line_hash import line_hashes
from tests.report.test_any_text import PATIENT

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "line-hash.json"


def test_githubs_own_vectors() -> None:
    if not VECTORS.exists():
        pytest.skip("the vectors are not here")
    cases = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]
    expected = [case["hashes"] for case in cases]
    assert expected == [[*line_hashes(case["text"], range(1, 1000)).values()] for case in cases]


def test_an_empty_file_has_one_line() -> None:
    assert {1: "c129715d7a2bc9a3:1"} == line_hashes("", (1, 2))


def test_a_last_line_break_begins_a_line() -> None:
    assert "c129715d7a2bc9a3:1" == line_hashes("a\n", (1, 2))[2]


def test_repeated_lines_are_numbered() -> None:
    hashes = line_hashes("x" * 120 + "\n" + "x" * 120 + "\n", (1, 2))
    assert ["1", "2"] == [value.partition(":")[2] for value in hashes.values()]


def test_lines_beyond_the_text_have_no_hash() -> None:
    assert {1} == set(line_hashes("a: b", (1, 7)))


@PATIENT
@given(
    text=st.text(alphabet="ab: \t\r\n\ufeffé😀", max_size=300) | st.lists(st.just("a: b\n"), max_size=60).map("".join)
)
def test_the_same_as_reading_character_by_character(text: str) -> None:
    expected = _slowly(text)
    assert expected == line_hashes(text, range(1, len(text) + 2))


@PATIENT
@given(text=st.text(alphabet="ab\r\n", max_size=80), line=st.integers(1, 20))
def test_one_line_alone_has_the_same_hash(text: str, line: int) -> None:
    every = line_hashes(text, range(1, 100))
    assert ({line: every[line]} if line in every else {}) == line_hashes(text, (line,))


def _slowly(text: str) -> dict[int, str]:
    """As GitHub describes it: every character in turn, the line break after CR dropped, blanks dropped."""
    data = text.encode("utf-16-le")
    units: list[int] = []
    starts: list[int] = []
    begins, after_cr = True, False
    for at in (*range(0, len(data), 2), -1):
        unit = 0xFFFF if at < 0 else int.from_bytes(data[at : at + 2], "little")
        if unit in (0x20, 0x09) or (after_cr and unit == 0x0A):
            after_cr = False
            continue
        after_cr = unit == 0x0D
        unit = 0x0A if after_cr else unit
        if begins:
            starts.append(len(units))
        begins = unit == 0x0A
        units.append(unit)
    units += [0] * 100
    seen: Counter[int] = Counter()
    hashes = {}
    for number, start in enumerate(starts, start=1):
        value = sum(unit * 37 ** (99 - i) for i, unit in enumerate(units[start : start + 100])) % 2**64
        seen[value] += 1
        hashes[number] = f"{value:x}:{seen[value]}"
    return hashes
