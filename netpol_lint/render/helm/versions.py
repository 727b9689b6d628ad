"""Whether a version lies in the range that a dependency asks for, as Helm's semver library reads both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from netpol_lint.records import NamedTuple

_LONGEST: Final = 256
_VERSION: Final = re.compile(
    r"v?(0|[1-9]\d{0,17})(?:\.(0|[1-9]\d{0,17}))?(?:\.(0|[1-9]\d{0,17}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?"
)
_BOUND: Final = re.compile(
    r"(=|!=|>=|=>|<=|=<|>|<|~>|~|\^)?\s*v?(\d{1,18}|[xX*])(?:\.(\d{1,18}|[xX*]))?(?:\.(\d{1,18}|[xX*]))?"
    r"(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?"
)
_HYPHEN: Final = re.compile(r"\s*(\S+)\s+-\s+(\S+)\s*")


class Version(NamedTuple):
    """A semantic version; versions compare in their order."""

    numbers: tuple[int, int, int]
    is_release: bool
    prerelease: tuple[tuple[bool, int, str], ...]


NO_VERSION: Final = Version((0, 0, 0), is_release=False, prerelease=())


def version_of(text: str) -> Version:
    """A version, `NO_VERSION` if the text is none."""
    match = _VERSION.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if match is None:
        return NO_VERSION
    major, minor, patch, prerelease = match.groups()
    return Version((int(major), int(minor or 0), int(patch or 0)), not prerelease, _prerelease(prerelease or ""))


def fits(version: str, wanted: str) -> bool:
    """Whether a version lies in a range such as `^1.2`, `1.x.x`, `>= 1.0, < 3`, `1.2 - 1.9` or `~1 || ^3`."""
    if not wanted.strip():
        return True
    found = version_of(version)
    if found is NO_VERSION or len(wanted) > _LONGEST:
        return version == wanted
    return any(_fits_all(found, part) for part in wanted.split("||"))


def _prerelease(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Numbers come before words, and by their size."""
    parts = text.split(".") if text else []
    return tuple((False, int(part[:18]), "") if part.isdecimal() else (True, 0, part) for part in parts)


def _fits_all(version: Version, bounds: str) -> bool:
    hyphen = _HYPHEN.fullmatch(bounds)
    if hyphen is not None:
        bounds = f">={hyphen[1]} <={hyphen[2]}"
    found = list(_BOUND.finditer(bounds))
    rest = _BOUND.sub("", bounds)
    if not found or rest.strip(" \t,"):
        return False
    return all(_within(version, match) for match in found)


def _within(version: Version, bound: re.Match[str]) -> bool:
    operator, *given, prerelease = bound.groups()
    numbers = _leading_numbers(given)
    if not version.is_release and not prerelease:
        return False
    low = Version(_filled(numbers), not prerelease, _prerelease(prerelease or ""))
    match operator or "=":
        case "=":
            return version == low if len(numbers) == 3 else _starts(version, numbers)
        case "!=":
            return version != low if len(numbers) == 3 else not _starts(version, numbers)
        case ">":
            return version > low if len(numbers) == 3 else version > low and not _starts(version, numbers)
        case "<":
            return version < low
        case ">=" | "=>":
            return version >= low
        case "<=" | "=<":
            return version <= low or (len(numbers) < 3 and _starts(version, numbers))
        case "^":
            return version >= low and _starts(version, _caret(numbers))
        case _:  # `~`: the last number given may grow, the major one only where it stands alone
            return version >= low and _starts(version, numbers[:2])


def _leading_numbers(given: Sequence[str | None]) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in given:
        if part is None or not part.isdecimal():
            break
        numbers.append(int(part))
    return tuple(numbers)


def _filled(numbers: tuple[int, ...]) -> tuple[int, int, int]:
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return major, minor, patch


def _starts(version: Version, numbers: tuple[int, ...]) -> bool:
    return version.numbers[: len(numbers)] == numbers


def _caret(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """What stays the same: everything up to the first number that is not zero."""
    for index, number in enumerate(numbers):
        if number:
            return numbers[: index + 1]
    return numbers
