"""Named tuples as `typing.NamedTuple` makes them, but without compiling each annotation.

A module that postpones its annotations hands `typing` strings, and each is compiled to check that it is an expression:
two thirds of what such a class costs, and one run of `check` defines a hundred of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from typing import NamedTuple, NamedTuple as Record

    __all__ = ["NamedTuple", "Record"]
else:
    from collections import namedtuple

    _NOT_COPIED: Final = frozenset(("__module__", "__slots__"))

    class _Definition(type):
        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body.get("__annotations__", {})
            defaults = [body.pop(field) for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])  # noqa: PYI024
            if bases == (Record,):
                return type(name, (made,), body)
            for key, value in body.items():
                if key not in _NOT_COPIED:
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Definition):
        """The base of a named tuple whose module postpones its annotations; generic ones need `typing`'s."""

    class Record(metaclass=_Definition):
        """The same with room for cached properties."""
