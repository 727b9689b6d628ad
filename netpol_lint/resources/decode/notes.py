"""Typed reading of nodes the way the API server's JSON decoder reads them, and what it found wrong on the way."""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Mapping as AnyMapping
from types import MappingProxyType
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.resources.decode.fits import fits
from netpol_lint.resources.decode.placeholders import has_placeholder, with_defaults
from netpol_lint.resources.defects import Defect, DefectKind
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Duplicate, Mapping, Missing, Node, Scalar, Sequence


class Absence(enum.Enum):
    """Why a typed reader has no value to give."""

    ABSENT = "absent"
    """The key is missing or its value is null: to the API these are the same."""
    WRONG = "wrong"
    """There is a value of another type; a defect says so."""


ABSENT: Final = Absence.ABSENT
WRONG: Final = Absence.WRONG


_NOTHING: Final[AnyMapping[str, str]] = MappingProxyType({})


class Schema(NamedTuple):
    """The fields of one type of the API, and what people write instead of them."""

    what: str
    """The type in words, as a sentence begins with it."""
    fields: frozenset[str]
    synonyms: AnyMapping[str, str] = _NOTHING
    """Other spellings of its fields that no edit distance finds."""
    belongs: AnyMapping[str, str] = _NOTHING
    """Fields of other types that are written here by mistake: where they belong."""
    otherwise: str = ""
    """Where any other key probably belongs."""

    def nearest(self, key: str, taken: Collection[str]) -> str:
        """The field probably meant by `key` that is not taken yet, or ""."""
        candidates = {known.casefold(): known for known in sorted(self.fields.difference(taken))}
        synonym = self.synonyms.get(key, "")
        if synonym and synonym not in taken:
            return synonym
        plain = key.casefold().replace("_", "").replace("-", "")
        if plain in candidates:
            return candidates[plain]
        from difflib import get_close_matches  # only a manifest with an unknown field pays for it

        near = get_close_matches(plain, candidates, n=1, cutoff=0.75)
        return candidates[near[0]] if near else ""


class Notes:
    """The defects of one object, as they are found."""

    __slots__ = ("_about", "_found", "rejections")

    def __init__(self, about: ObjectRef) -> None:
        self._about = about
        self._found: list[Defect] = []
        self.rejections = 0
        """How often the API server has had a reason to refuse the object."""

    @property
    def defects(self) -> tuple[Defect, ...]:
        """Everything found, in the order of the text."""
        return tuple(sorted(self._found, key=lambda defect: defect.at.span))

    def invalid(
        self,
        at: Location,
        reason: str,
        suggestion: str = "",
        related: tuple[tuple[str, Location], ...] = (),
        written: str = "",
    ) -> None:
        """Note what the API server rejects the object for."""
        self.rejections += 1
        self._add(DefectKind.INVALID, at, reason, suggestion, related, written)

    def strict_cidr(self, at: Location, reason: str, suggestion: str, written: str) -> None:
        """Note what only strict CIDR validation rejects."""
        self._add(DefectKind.INVALID_STRICT_CIDR, at, reason, suggestion, written=written)

    def removed_api(self, at: Location, reason: str, suggestion: str = "", written: str = "") -> None:
        """Note an API that a current cluster no longer serves or reads."""
        self._add(DefectKind.REMOVED_API, at, reason, suggestion, written=written)

    def duplicate(self, twice: Duplicate) -> None:
        """Note a key given twice."""
        reason = f"`{twice.key}` is given twice in one mapping: the first is lost"
        self._add(DefectKind.DUPLICATE_KEY, twice.second, reason, "", (("the first, which is lost", twice.first),))

    def cannot_tell(self) -> None:
        """The object is not usable, for a reason that has its defect already or lies in a placeholder."""
        self.rejections += 1

    def unknown_fields(self, mapping: Mapping, schema: Schema, effect: Callable[[str], str]) -> None:
        """Note each key the schema does not have.

        `effect` says what its loss does, given the field probably meant ("" if there is none). A field that is
        there already is never suggested.
        """
        if mapping.entries.keys() <= schema.fields:
            return
        for entry in mapping:
            if entry.key in schema.fields:
                continue
            place = schema.belongs.get(entry.key, "")
            meant = "" if place else schema.nearest(entry.key, mapping.entries.keys())
            place = place or ("" if meant else schema.otherwise)
            consequence = effect(meant)
            reason = (
                f"{schema.what} has no field `{entry.key}`"
                + (f" ({place})" if place else "")
                + ", so it is dropped"
                + (f": {consequence}" if consequence else "")
            )
            written = entry.key if meant and fits(meant, entry.value) else ""
            self._add(DefectKind.UNKNOWN_FIELD, mapping.key_location(entry.key), reason, meant, written=written)

    def mapping(self, node: Node | Missing, what: str = "a mapping") -> Mapping | Absence:
        """The node as a mapping."""
        return node if isinstance(node, Mapping) else self._no(node, what)

    def sequence(self, node: Node | Missing, what: str = "a list") -> Sequence | Absence:
        """The node as a list."""
        return node if isinstance(node, Sequence) else self._no(node, what)

    def string(self, node: Node | Missing, what: str = "a string") -> str | Absence:
        """The node as a string; numbers and booleans are not strings to the API server."""
        if isinstance(node, Scalar):
            value = node.value
            if isinstance(value, str):
                return with_defaults(value)
            if value is not None:
                quoted = f'"{node.text}"'
                reason = f"expected {what}, got {type_of(node)}: write it in quotes"
                self.invalid(node.location, reason, quoted, written=node.text if _is_free_text(node.pointer) else "")
                return WRONG
        return self._no(node, what)

    def integer(self, node: Node | Missing, what: str = "a whole number") -> int | Absence:
        """The node as a 32-bit integer; `80.0` is one, as YAML becomes JSON before it is decoded."""
        if isinstance(node, Scalar):
            value = node.value
            if isinstance(value, str) and "${" in value:
                filled = with_defaults(value)
                if has_placeholder(filled):
                    self.cannot_tell()
                    return WRONG
                value = int(filled) if filled.isascii() and filled.isdigit() else filled
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if isinstance(value, int) and not isinstance(value, bool):
                if -(2**31) <= value < 2**31:
                    return value
                self.invalid(node.location, f"expected {what}, and {node.text} is beyond 32 bits")
                return WRONG
        return self._no(node, what)

    def _no(self, node: Node | Missing, what: str) -> Absence:
        if is_absent(node):
            return ABSENT
        assert not isinstance(node, Missing)
        self.invalid(node.location, f"expected {what}, got {type_of(node)}")
        return WRONG

    def _add(
        self,
        kind: DefectKind,
        at: Location,
        reason: str,
        suggestion: str = "",
        related: tuple[tuple[str, Location], ...] = (),
        written: str = "",
    ) -> None:
        self._found.append(Defect(kind, self._about, reason, at, related, suggestion, written if suggestion else ""))


def _is_free_text(pointer: str) -> bool:
    """Whether any string may stand there, so that a number in quotes is right: labels, annotations and names."""
    *_, parent, key = pointer.split("/")
    return parent in ("matchLabels", "values", "labels", "annotations") or (parent == "metadata" and "name" in key)


def is_absent(node: Node | Missing) -> bool:
    """Whether the API server sees no value there: a missing key, or null."""
    return isinstance(node, Missing) or (isinstance(node, Scalar) and node.value is None)


def type_of(node: Node) -> str:
    """The JSON type of a node, in words."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    value = node.value
    if isinstance(value, str):
        return "a string"
    if isinstance(value, bool):
        return "a boolean"
    return "null" if value is None else "a number"
