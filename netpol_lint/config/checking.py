"""What the config's schema says against a config file, in words, at the place of the first mistake."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from netpol_lint.errors import NetpolLintError
from netpol_lint.source.settings_file import Place, Pointer, SettingsFile

SCHEMA: Final = Path(__file__).parent.parent / "schemas" / "config.schema.json"
_RANGES: Final = ("pod-ranges", "service-ranges")
_TYPES: Final = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


def check(file: SettingsFile) -> None:
    """NetpolLintError for the first thing, in order of the text, that the schema does not allow."""
    from jsonschema import Draft7Validator

    errors = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).iter_errors(file.data)
    mistakes = sorted(_mistake(file, error) for error in errors)
    if mistakes:
        (line, column), message = mistakes[0]
        raise NetpolLintError(message, path=file.path, line=line, column=column)
    _check_ranges(file)


def _check_ranges(file: SettingsFile) -> None:
    """NetpolLintError for the first of the assumed ranges, in order of the text, that is no address block."""
    assumed = file.data.get("assume", {})
    pointers: list[Pointer] = [("assume", key, n) for key in _RANGES for n in range(len(assumed.get(key, ())))]
    for (line, column), (_, key, index) in sorted((file.place(pointer), pointer) for pointer in pointers):
        wrong = _wrong_range(assumed[key][index])
        if wrong:
            message = f"`assume.{key}[{index}]` must be an address block such as 10.244.0.0/16, {wrong}"
            raise NetpolLintError(message, path=file.path, line=line, column=column)


def _wrong_range(text: str) -> str:
    """What a text is instead of a block of addresses, as the end of a sentence; "" for a block."""
    from ipaddress import ip_network

    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return f"not {_said(text)}"
    address, slash, prefix = text.partition("/")
    if not slash or not prefix.isdigit():
        return f"not {_said(text)}; did you mean {network}?"
    has_host_bits = ip_network(address).network_address != network.network_address
    return f"and {text} is an address in one; did you mean {network}?" if has_host_bits else ""


def _mistake(file: SettingsFile, error: Any) -> tuple[Place, str]:
    pointer: Pointer = tuple(error.absolute_path)
    name = _name(pointer)
    value = error.instance
    match error.validator:
        case "additionalProperties":
            return _unknown_key(file, pointer, error)
        case "type":
            quotes = (
                " (put it in quotes)" if error.validator_value == "string" and isinstance(value, (int, float)) else ""
            )
            return file.place(pointer), f"{name} must be {_types(error.validator_value)}, not {_said(value)}{quotes}"
        case "enum":
            known = error.validator_value
            return file.place(pointer), f"{name} must be {_listed(known)}, not {_said(value)}{_hint(value, known)}"
        case "required":
            missing = next(key for key in error.validator_value if key not in value)
            return file.place(pointer), f"{name} lacks `{missing}`"
        case "minimum" | "maximum":
            words = "at least" if error.validator == "minimum" else "at most"
            return file.place(pointer), f"{name} must be {words} {error.validator_value}, not {_said(value)}"
        case "minLength":
            return file.place(pointer), f"{name} must not be empty"
        case "pattern" if pointer == ("assume", "kubernetes"):
            return file.place(pointer), f'{name} must be a version such as "1.36", not {_said(value)}'
        case _:
            return file.place(pointer), f"{name}: {error.message}"


def _unknown_key(file: SettingsFile, pointer: Pointer, error: Any) -> tuple[Place, str]:
    known = sorted(error.schema.get("properties", {}))
    unknown = [key for key in error.instance if key not in known]
    place, key = min((file.place((*pointer, key), key=True), key) for key in unknown)
    what = "setting" if not pointer else "option" if pointer[0] == "options" else "key"
    where = f" in {_name(pointer)}" if pointer else ""
    hint = _hint(key, known) or f" (there are: {', '.join(known) or 'none'})"
    return place, f"unknown {what} {key!r}{where}{hint}"


def _name(pointer: Pointer) -> str:
    """`per-path[0].paths` in backticks; the whole file without a pointer."""
    if not pointer:
        return "the config"
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in pointer).removeprefix(".")
    return f"`{text}`" if text.isprintable() and "`" not in text else repr(text)


def _types(types: str | list[str]) -> str:
    return _listed([_TYPES[name] for name in ([types] if isinstance(types, str) else types) if name != "null"])


def _listed(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def _said(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case int() | float():
            return f"the number {value}"
        case _:
            return repr(value) if len(value) <= 60 else f"{value[:60]!r}..."


def _hint(word: Any, known: Iterable[str]) -> str:
    """`; did you mean extend-select?`, or nothing."""
    from difflib import get_close_matches

    plain = str(word)[:100].replace("_", "-").lower()
    close = get_close_matches(plain, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""
