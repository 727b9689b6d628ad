"""Fixes round by round: what is mended may bring the next thing to light, until a round mends nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from netpol_lint import fixes
from netpol_lint.config import Settings
from netpol_lint.engine.inputs import Inputs, deployed, objects_of
from netpol_lint.engine.proving import changes_no_connection
from netpol_lint.findings import Finding, Report
from netpol_lint.source.location import Location

_MOST_ROUNDS: Final = 20
_BOM: Final = "\ufeff"
_Key: TypeAlias = tuple[str, Location, str]


@dataclass(frozen=True, slots=True)
class Mended:
    """What the fixes made of the inputs."""

    texts: Mapping[str, str]
    """The new contents of the files that changed, by path."""
    fixed: tuple[Finding, ...]
    inputs: Inputs
    """The inputs with those contents."""
    refused: tuple[Finding, ...] = ()
    """What is left because the text after its fix would not say what was meant."""
    breaking: tuple[Finding, ...] = ()
    """What is left because a kustomization or chart could not be rendered after its fix."""


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left alone, and why."""

    doubtful: set[_Key]
    """Safe fixes that change a connection: they are unsafe."""
    breaking: dict[_Key, Finding]


def mend(inputs: Inputs, settings: Settings, judge: Callable[[Inputs, Settings], Report], *, unsafe: bool) -> Mended:
    """Apply the fixes of what `judge` reports; suppressed findings are left alone, and so is what is no UTF-8.

    Safe fixes come first, and are taken only if they change no connection; one that does is an unsafe fix. None is
    taken that keeps a kustomization or chart from being rendered.
    """
    texts: dict[str, str] = {}
    fixed: list[Finding] = []
    refused: tuple[Finding, ...] = ()
    left = _Left(set(), {})
    for _ in range(_MOST_ROUNDS):
        left.breaking.clear()
        fixable = [f for f in judge(inputs, settings).findings if f.fix.edits]
        safe = [f for f in fixable if f.fix.safe and _key(f) not in left.doubtful]
        step = _tried(inputs, settings, safe, left, safe=True)
        refused = step.refused
        if not step.fixed and unsafe:
            others = [f for f in fixable if not f.fix.safe or _key(f) in left.doubtful]
            step = _tried(inputs, settings, others, left, safe=False)
            refused += step.refused
        if not step.fixed:
            break
        fixed.extend(step.fixed)
        texts.update(step.texts)
        inputs = step.inputs
    return Mended(texts, tuple(fixed), inputs, refused, tuple(left.breaking.values()))


def _tried(inputs: Inputs, settings: Settings, findings: Sequence[Finding], left: _Left, *, safe: bool) -> Mended:
    """What fixes make of the inputs: all together if what was rendered still is, and if safe ones change no connection.

    Else halves of them are tried; a single one for which that does not hold is `left`.
    """
    step = _step(inputs, settings, findings)
    if not step.fixed:
        return step
    breaks = _breaks(inputs, step.inputs)
    if not breaks and (not safe or changes_no_connection(inputs, step.inputs, settings, step.texts)):
        return step
    if len(findings) == 1:
        if breaks:
            left.breaking[_key(findings[0])] = findings[0]
        else:
            left.doubtful.add(_key(findings[0]))
        return Mended({}, (), inputs)
    middle = len(findings) // 2
    first = _tried(inputs, settings, findings[:middle], left, safe=safe)
    if first.fixed:
        return first
    second = _tried(inputs, settings, findings[middle:], left, safe=safe)
    return second if second.fixed else replace(second, refused=(*first.refused, *second.refused))


def _breaks(before: Inputs, after: Inputs) -> bool:
    """Whether something that was rendered is not any more: a patch may be for text that goes."""
    known = {unit.name: len(unit.not_rendered) for unit in before.units}
    return any(len(unit.not_rendered) > known.get(unit.name, 0) for unit in after.units)


def _step(inputs: Inputs, settings: Settings, findings: Sequence[Finding]) -> Mended:
    """What one round of these fixes makes of the inputs."""
    paths = {f.fix.edits[0].path for f in findings}
    contents = {path: text for path in paths if (text := _decoded(inputs.content(path)))}
    bare = {path: text.removeprefix(_BOM) for path, text in contents.items()}
    applied = fixes.apply(findings, bare, unsafe=True)
    changed = {path: _BOM * contents[path].startswith(_BOM) + text for path, text in applied.texts.items()}
    after = _with(inputs, changed, settings) if changed else inputs
    return Mended(changed, applied.fixed, after, applied.refused)


def _key(finding: Finding) -> _Key:
    return finding.rule, finding.at, finding.fix.description


def _with(inputs: Inputs, texts: Mapping[str, str], settings: Settings) -> Inputs:
    """The inputs with new contents for some files."""
    contents = {path: text.encode("utf-8") for path, text in texts.items()}
    before = inputs.content
    files = tuple(
        objects_of(contents[file.path], file.path, settings) if file.path in contents else file for file in inputs.files
    )
    known = inputs.sources
    changed = inputs._replace(
        files=files,
        content=lambda path: contents[path] if path in contents else before(path),
        sources=known._replace(texts={**known.texts, **contents}),
    )
    return deployed(changed, settings)


def _decoded(content: bytes) -> str:
    """The text to edit, with its byte order mark, which columns do not count; "" where it is no UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
