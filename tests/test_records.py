"""Our named tuples are what `typing` would have made of the same class."""

from __future__ import annotations

import copy
import pickle
import typing
from functools import cached_property

from netpol_lint.records import NamedTuple, Record


class Ours(NamedTuple):
    """A port."""

    number: int
    name: str | None
    ends: tuple[int, ...] = ()
    """Of a range."""

    @property
    def size(self) -> int:
        return len(self.ends)

    @classmethod
    def unnamed(cls, number: int) -> Ours:
        return cls(number, None)


class Theirs(typing.NamedTuple):
    """A port."""

    number: int
    name: str | None
    ends: tuple[int, ...] = ()


class Empty(NamedTuple):
    """No fields: equal to every other of its kind."""


def test_fields_defaults_and_words_are_those_of_typing() -> None:
    assert Ours._fields == Theirs._fields
    assert Ours._field_defaults == Theirs._field_defaults
    assert Ours.__doc__ == Theirs.__doc__
    assert repr(Ours(1, name="x")) == repr(Theirs(1, name="x")).replace("Theirs", "Ours")
    assert typing.get_type_hints(Ours) == typing.get_type_hints(Theirs)
    assert (Ours.__module__, Ours.__qualname__, Ours.__bases__) == (__name__, "Ours", (tuple,))


def test_values_behave_as_tuples() -> None:
    port = Ours.unnamed(1)._replace(ends=(1, 2))
    assert port.size == 2
    assert port == (1, None, (1, 2))
    assert not hasattr(port, "__dict__")
    assert pickle.loads(pickle.dumps(port)) == port == copy.deepcopy(port)  # noqa: S301
    assert Empty() == ()


class Remembering(Record):
    number: int
    name: str = ""

    @cached_property
    def half(self) -> list[int]:
        return [self.number // 2]


def test_records_have_room_for_cached_properties() -> None:
    record = Remembering(4)
    assert record.half is record.half
    assert record._replace(number=6).half == [3]
    assert record == Remembering(4, "")
    assert hash(record) == hash(Remembering(4))
    assert repr(record) == "Remembering(number=4, name='')"
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301
