"""The generators of an ApplicationSet: what they fill in for the `{{ }}` of its template, as far as that is known."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping as Texts
from itertools import islice
from typing import Final, Protocol

from netpol_lint.records import NamedTuple
from netpol_lint.render.plan.fields import items_at, mapping_at, text_at
from netpol_lint.source.tree import Mapping, Node, Scalar

_MOST_ELEMENTS: Final = 1_000
_MOST_PARAMETERS: Final = 1_000
_DEEPEST: Final = 30
_LONGEST_NAME: Final = 253
_LONGEST_TEXT: Final = 2_000
"""Characters of a path, a name or a parameter that anyone means."""
_TAG: Final = re.compile(r"\{\{-?([^{}]*?)-?\}\}")
_NO_NAME: Final = re.compile(r"[^-a-z0-9.]")


class Pattern(NamedTuple):
    """Files that a generator takes in, or leaves out."""

    glob: str
    excluded: bool


class Elements(NamedTuple):
    """What generators fill in, once for each application."""

    found: tuple[Texts[str, str], ...]
    left_out: int = 0
    """How many more there are than are looked at."""


class Files(Protocol):
    """The files of the repository that a git generator reads its parameters from."""

    def holding(self, patterns: tuple[Pattern, ...], most: int) -> tuple[list[tuple[str, Mapping | None]], int]:
        """Path and parameters (None for an empty file) of each element, no more than `most`; how many are left out."""


class NoFiles:
    """Nothing is known of the repository yet."""

    def holding(self, patterns: tuple[Pattern, ...], most: int) -> tuple[list[tuple[str, Mapping | None]], int]:  # noqa: ARG002
        """Nothing."""
        return [], 0


NO_FILES: Final = NoFiles()


def reads_files(spec: Mapping) -> bool:
    """Whether one of the generators reads files of the repository."""
    return any(_patterns(mapping_at(generator, "git")) for generator in items_at(spec, "generators"))


def elements_of(spec: Mapping, files: Files = NO_FILES) -> Elements:
    """What the generators of an ApplicationSet fill in; one element without anything if nothing is known of them."""
    found: list[Texts[str, str]] = []
    left_out = 0
    for generator in items_at(spec, "generators"):
        git = mapping_at(generator, "git")
        patterns = _patterns(git)
        if patterns:
            held, beyond = files.holding(patterns, _MOST_ELEMENTS - len(found))
            found += (_of_file(path, parameters, git) for path, parameters in held)
            left_out += beyond
            continue
        for element in (*_of_list(mapping_at(generator, "list")), *_of_directories(git)):
            if len(found) < _MOST_ELEMENTS:
                found.append(element)
            else:
                left_out += 1
    return Elements(tuple(found) or ({},), left_out)


def _of_list(node: Mapping | tuple[()]) -> Iterator[Texts[str, str]]:
    return (dict(_flat(element)) for element in items_at(node, "elements") if isinstance(element, Mapping))


def _of_directories(git: Mapping | tuple[()]) -> Iterator[Texts[str, str]]:
    prefix = text_at(git, "pathParamPrefix")
    for directory in items_at(git, "directories"):
        path = text_at(directory, "path")
        if path and text_at(directory, "exclude") != "true":
            known = {"path": path, "path.path": path} if "*" in path else dict(path_parameters(path))
            yield _with_values(_prefixed(known, prefix), git)


def _of_file(path: str, parameters: Mapping | None, git: Mapping | tuple[()]) -> Texts[str, str]:
    """The parameters that one of the files gives: what it holds, and where it is."""
    directory, name = posixpath.split(path)
    known = dict(path_parameters(directory or "."))
    known |= {"path.filename": name, "path.filenameNormalized": _normalized(name)}
    held = dict(_flat(parameters)) if parameters is not None else {}
    return _with_values({**held, **_prefixed(known, text_at(git, "pathParamPrefix"))}, git)


def path_parameters(path: str) -> Iterator[tuple[str, str]]:
    """What can be filled in of a path: for Go templates `path` is what holds the others, else it is the path."""
    name = posixpath.basename(path)
    yield from (("path", path), ("path.path", path), ("path.basename", name))
    yield "path.basenameNormalized", _normalized(name)
    for number, segment in enumerate(path.split("/")):
        yield f"path.segments.{number}", segment
        yield f"path[{number}]", segment


def _prefixed(known: Texts[str, str], prefix: str) -> Texts[str, str]:
    return {f"{prefix}.{key}": value for key, value in known.items()} if prefix else known


def _with_values(known: Texts[str, str], git: Mapping | tuple[()]) -> Texts[str, str]:
    """The same with the generator's own `values`, which may name what is known."""
    values = ((key, text_at(mapping_at(git, "values"), key)) for key, _, _ in mapping_at(git, "values"))
    return {**known, **{f"values.{key}": filled(text, known) for key, text in values}}


def _patterns(git: Mapping | tuple[()]) -> tuple[Pattern, ...]:
    """The files of a generator; none where it names directories, which then count alone."""
    if items_at(git, "directories"):
        return ()
    named = ((text_at(item, "path"), text_at(item, "exclude") == "true") for item in items_at(git, "files"))
    return tuple(Pattern(glob, excluded) for glob, excluded in named if glob)


def _flat(root: Mapping) -> Iterator[tuple[str, str]]:
    """Every single value below a mapping by the dotted keys that lead to it."""
    return islice(_values(root, "", _DEEPEST), _MOST_PARAMETERS)


def _values(node: Node, key: str, deepest: int) -> Iterator[tuple[str, str]]:
    if isinstance(node, Scalar):
        if node.value is not None and len(node.text) <= _LONGEST_TEXT:
            yield key, str(node.value).lower() if isinstance(node.value, bool) else node.text
    elif deepest:
        prefix = f"{key}." if key else ""
        inside = ((entry.key, entry.value) for entry in node) if isinstance(node, Mapping) else enumerate(node)
        for name, value in inside:
            yield from _values(value, f"{prefix}{name}", deepest - 1)


def _normalized(name: str) -> str:
    """As it may be the name of an object."""
    return _NO_NAME.sub("-", name.lower())[:_LONGEST_NAME].strip("-.")


# -- filling in ---------------------------------------------------------------------------------------------


def filled(text: str, known: Texts[str, str]) -> str:
    """A template's text with what is known; "" if something stays unknown."""
    if "{{" not in text:
        return text
    if len(text) > _LONGEST_TEXT:
        return ""
    text = _TAG.sub(lambda tag: known.get(_key(tag[1]), tag[0]), text)
    return "" if "{{" in text or len(text) > _LONGEST_TEXT else text


def _key(tag: str) -> str:
    """What is named between the braces: `key`, `.key.below`, `index .key 0 "below"`."""
    words = tag.split()
    if len(words) > 2 and words[0] == "index":
        return ".".join((words[1].removeprefix("."), *(word.strip('"`') for word in words[2:])))
    return words[0].removeprefix(".") if len(words) == 1 else ""
