"""The values that an Argo CD application gives a chart: an object, YAML in a string, and single parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping as Data
from itertools import islice
from typing import Any, Final

from netpol_lint.source.documents import read_trees
from netpol_lint.source.tree import Mapping, Node, Scalar, Sequence, plain_data

_STEP: Final = re.compile(r"((?:[^.\[\]\\]|\\.)+)|\[(\d{1,2})\]")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)")
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}
_DEEPEST: Final = 30
_MOST: Final = 1_000


def given_values(helm: Mapping) -> Data[str, Any] | tuple[()]:
    """`valuesObject`, else what the string `values` holds, with `parameters` set in it; nothing if there is none.

    What is filled in only when it is deployed (`{{ }}`) is left out.
    """
    values: dict[str, Any] = {}
    written = helm.get("valuesObject")
    if isinstance(written, Mapping):
        values = plain_data(written)
    else:
        text = helm.get("values")
        if isinstance(text, Scalar) and isinstance(text.value, str) and "{{" not in text.text:
            values = _parsed(text)
    for name, value, is_string in islice(_parameters(helm.get("parameters")), _MOST):
        steps = list(_steps(name))
        if steps and len(steps) <= _DEEPEST:
            _put(values, steps, value if is_string else _typed(value))
    return values or ()


def _parsed(text: Scalar) -> dict[str, Any]:
    root = next(iter(read_trees(text.text.encode("utf-8", "surrogatepass"), text.path)), None)
    data: dict[str, Any] = plain_data(root) if isinstance(root, Mapping) else {}
    return data


def _parameters(node: object) -> Iterator[tuple[str, str, bool]]:
    for item in node if isinstance(node, Sequence) else ():
        name, value = _text(item, "name"), _text(item, "value")
        if name and "{{" not in f"{name}{value}":
            yield name, value, _text(item, "forceString") == "true"


def _steps(name: str) -> Iterator[str | int]:
    """The keys and indices of `a.b[0].c`; a backslash takes a dot for itself."""
    for match in _STEP.finditer(name):
        yield re.sub(r"\\(.)", r"\1", match[1]) if match[1] else int(match[2])


def _put(values: dict[str, Any], steps: list[str | int], value: Any) -> None:
    """As `helm --set` does: what is missing on the way is made."""
    at: Any = values
    for step, following in zip(steps, [*steps[1:], ""], strict=True):
        is_last = following == ""
        made: Any = value if is_last else [] if isinstance(following, int) else {}
        if isinstance(step, int) and isinstance(at, list):
            at.extend([None] * (step + 1 - len(at)))
            known = at[step]
        elif isinstance(step, str) and isinstance(at, dict):
            known = at.get(step)
        else:
            return
        if is_last or not isinstance(known, type(made)):
            at[step] = known = made
        at = known


def _typed(text: str) -> Any:
    return int(text) if _NUMBER.fullmatch(text) and len(text) < 20 else _WORDS.get(text, text)


def _text(node: Node, key: str) -> str:
    value = node.get(key) if isinstance(node, Mapping) else ()
    return value.text if isinstance(value, Scalar) and value.value is not None else ""
