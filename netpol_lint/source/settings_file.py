"""Config files read as plain data, with the place of every key and value: YAML by ruamel, TOML by the standard library.

Whatever the bytes are, what comes back is data or a NetpolLintError with a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from netpol_lint.errors import NetpolLintError
from netpol_lint.records import NamedTuple

MOST_BYTES: Final = 1024 * 1024
"""A config file of more is a mistake."""
_NESTING: Final = 50
_MOST_NODES: Final = 100_000

Pointer: TypeAlias = tuple[str | int, ...]
"""Keys and indices that lead to a value."""


class Place(NamedTuple):
    """1-based line and column."""

    line: int
    column: int


class SettingsFile(NamedTuple):
    """What a config file says."""

    path: str
    data: dict[str, Any]
    values: Mapping[Pointer, Place]
    keys: Mapping[Pointer, Place]

    def place(self, pointer: Pointer, *, key: bool = False) -> Place:
        """Where a value stands, or its key; the nearest parent known where neither is."""
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        while pointer not in first and pointer not in second and pointer:
            pointer = pointer[:-1]
        return first.get(pointer) or second.get(pointer) or Place(1, 1)


def decode(data: bytes, path: str) -> str:
    """The text of a config file; NetpolLintError if it is too large or no text."""
    if len(data) > MOST_BYTES:
        raise NetpolLintError(f"a config file of more than {MOST_BYTES} bytes is not read", path=path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise NetpolLintError("not UTF-8 text", path=path, line=line, column=column) from error
    return text


def read_yaml(text: str, path: str) -> SettingsFile:
    """A YAML config file; an empty one says nothing."""
    _guard(text, path)
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    loader = YAML(typ="rt", pure=True)
    try:
        root = loader.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise NetpolLintError(str(error.problem or "not YAML"), path=path, line=line, column=column) from error
    except (YAMLError, ValueError, Warning, RecursionError) as error:
        raise NetpolLintError("not YAML", path=path, line=1, column=1) from error
    reader = _Reader(path)
    data = {} if root is None else reader.value(root, ())
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise NetpolLintError("a config file is a mapping of settings", path=path, line=1, column=1)
    return SettingsFile(path, data, reader.values, reader.keys)


def _guard(text: str, path: str) -> None:
    """Refuse what a pure Python parser would choke on: ask libyaml first, within limits."""
    from netpol_lint.source.compose import Broken, Refused, compose
    from netpol_lint.source.limits import Limits
    from netpol_lint.source.syntax import explain

    data = text.encode("utf-8", "replace")
    composed = compose(data, Limits(nesting=_NESTING))
    if isinstance(composed, Broken):
        complaint = explain(composed.error, data)
        mark = complaint.mark
        raise NetpolLintError(complaint.message, path=path, line=mark.line + 1, column=mark.column + 1)
    if isinstance(composed, Refused):
        mark = composed.trouble.raw.start_mark
        raise NetpolLintError(composed.trouble.message, path=path, line=mark.line + 1, column=mark.column + 1)


class _Reader:
    """Plain data out of ruamel's nodes; scalars mean what YAML 1.2 says."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.values: dict[Pointer, Place] = {}
        self.keys: dict[Pointer, Place] = {}

    def value(self, node: Any, pointer: Pointer) -> Any:
        self.values[pointer] = _place(node)
        if len(self.values) > _MOST_NODES or len(pointer) > _NESTING:
            raise self._error("a config file this large or this deep is not read", node)
        match node.id:
            case "mapping":
                return self._mapping(node, pointer)
            case "sequence":
                return [self.value(item, (*pointer, index)) for index, item in enumerate(node.value)]
            case _:
                return self._scalar(node)

    def _mapping(self, node: Any, pointer: Pointer) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                raise self._error("a key must be a word", key_node)
            key = str(key_node.value)
            below = (*pointer, key)
            if key in data:
                first = self.keys[below]
                raise self._error(f"{key!r} is given twice (first on line {first.line})", key_node)
            self.keys[below] = _place(key_node)
            data[key] = self.value(value_node, below)
        return data

    def _scalar(self, node: Any) -> Any:
        text = str(node.value)
        kind = str(node.tag).rpartition(":")[2]
        try:
            match kind:
                case "null":
                    return None
                case "bool" if text.lower() in ("true", "false"):
                    return text.lower() == "true"
                case "int":
                    return int(text.replace("_", ""), 0)
                case "float":
                    return float(text.replace("_", ""))
                case "str" | "timestamp" | "bool" | "value":
                    return text
                case _:
                    pass
        except ValueError:
            return text
        raise self._error(f"the tag {str(node.tag)!r} means nothing here", node)

    def _error(self, message: str, node: Any) -> NetpolLintError:
        line, column = _place(node)
        return NetpolLintError(message, path=self.path, line=line, column=column)


def _place(node: Any) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


_AT: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_toml(text: str, path: str, table: Pointer) -> SettingsFile:
    """A table of a TOML file, empty where the file has none."""
    import tomllib

    try:
        data: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line, column = (int(at[1]), int(at[2])) if at else (text.count("\n") + 1, 1)
        message = _AT.sub("", str(error)).replace("(at end of document)", "at the end of the file").strip()
        raise NetpolLintError(message, path=path, line=line, column=column) from error
    except (RecursionError, ValueError) as error:
        raise NetpolLintError("not TOML that can be read", path=path, line=1, column=1) from error
    for key in table:
        data = data.get(key, {}) if isinstance(data, dict) else {}
    if not isinstance(data, dict):
        raise NetpolLintError(f"{'.'.join(map(str, table))} is not a table", path=path, line=1, column=1)
    keys = {pointer[len(table) :]: place for pointer, place in _toml_keys(text) if pointer[: len(table)] == table}
    return SettingsFile(path, data, {}, keys)


_HEADER: Final = re.compile(r"\s*(\[\[?)[^\[\]\n]+\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(r"""\s*((?:[\w.\-\s]|"[^"\n]*"|'[^'\n]*')+?)\s*=""")


def _toml_keys(text: str) -> Iterator[tuple[Pointer, Place]]:
    """Each key with its place, line by line. A line of a multi-line value may look like a key; none is lost by it."""
    table: Pointer = ()
    elements: dict[Pointer, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        place = Place(number, len(line) - len(line.lstrip()) + 1)
        header = _HEADER.match(line)
        if header:
            table = _path(line)
            if header[1] == "[[":
                elements[table] = elements.get(table, -1) + 1
                table = (*table, elements[table])
            else:
                table = _within(table, elements)
            yield table, place
            continue
        key = _KEY.match(line)
        if key:
            yield (*table, *_path(f"{key[1]} = 0")), place


def _path(line: str) -> Pointer:
    """The keys that a header or an assignment names."""
    import tomllib

    try:
        data: Any = tomllib.loads(line)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return ()
    keys: list[str] = []
    while isinstance(data, (dict, list)) and data:
        if isinstance(data, list):
            data = data[0]
            continue
        key, data = next(iter(data.items()))
        keys.append(key)
    return tuple(keys)


def _within(table: Pointer, elements: Mapping[Pointer, int]) -> Pointer:
    """A table below an element of an array of tables belongs to the last element so far."""
    for length in range(len(table), 0, -1):
        if table[:length] in elements:
            return (*table[:length], elements[table[:length]], *table[length:])
    return table
