"""How much of a file is read before it counts as an attack or an accident."""

from __future__ import annotations

from typing import Final, NamedTuple


class Limits(NamedTuple):
    """What one file may cost. Beyond a limit a document is a `Failure`, the rest of the run goes on."""

    file: int = 64 * 1024 * 1024
    """Bytes of one file. Larger files are not read at all."""
    document: int = 16 * 1024 * 1024
    """Bytes of one document; its nodes take about twenty times as much memory."""
    nesting: int = 250
    """Lists and mappings inside each other, aliases followed.

    kubectl allows 10,000. Comparing or serialising a value takes a stack frame of Python's 1,000 per level or two,
    so this keeps every consumer safe; the deepest published CustomResourceDefinitions reach about 60.
    """


DEFAULT: Final = Limits()
