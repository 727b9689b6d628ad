"""`replacements`: a field of one object, or a value, copied to fields of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.kustomize.draft import Draft, List, Map, copied
from netpol_lint.render.kustomize.fields import child_of, replace
from netpol_lint.render.kustomize.objects import Id, Object, Selector, compiled, identity, type_of
from netpol_lint.render.kustomize.patches import selector_of
from netpol_lint.render.kustomize.refusal import Cause, Refused
from netpol_lint.source.location import Location
from netpol_lint.source.made import made_scalar
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

_DEEPEST: Final = 50
_ITEM: Final = re.compile(r"\[([^=\]]*)=(.*)\]")


class _Place(NamedTuple):
    holder: Map | List
    key: str | int


def apply(node: Mapping, objects: list[Object]) -> None:
    """Carry out one replacement. Refused if its source or a target is not there."""
    value = _source(node, objects)
    targets = node.get("targets")
    if not isinstance(targets, Sequence):
        raise Refused("a replacement has `targets`", node.location)
    for target in targets:
        if isinstance(target, Mapping):
            _to_target(target, value, objects)


def _source(node: Mapping, objects: list[Object]) -> Scalar | Node:
    given = node.get("sourceValue")
    if isinstance(given, Scalar):
        return given
    source = node.get("source")
    if not isinstance(source, Mapping):
        raise Refused("a replacement has a `source`", node.location)
    found = [one for one in objects if _is_selected(source, one)]
    if len(found) != 1:
        how_many = "several objects" if found else "no object"
        cause = Cause.MISTAKE if found else Cause.MAY_FOLLOW
        raise Refused(f"the source of the replacement selects {how_many}", source.location, cause=cause)
    path = _text(source, "fieldPath") or "metadata.name"
    places = list(_places(found[0].root, _steps(path), create=None))
    value = child_of(*places[0]) if places else None
    if value is None:
        raise Refused(f"{found[0].id} has no {path}", source.location, cause=Cause.MAY_FOLLOW)
    return _refined(copied(value), source.get("options"), source.location)


def _refined(value: Node, options: Node | Missing, at: Location) -> Node:
    delimiter = _text(options, "delimiter")
    if not delimiter:
        return value
    if not isinstance(value, Scalar):
        raise Refused("a `delimiter` splits single values only", at)
    parts = value.text.split(delimiter)
    index = _index(options)
    if not 0 <= index < len(parts):
        raise Refused(f"the value has no part {index}", at)
    return made_scalar(parts[index], value)


def _to_target(target: Mapping, value: Node, objects: list[Object]) -> None:
    select = target.get("select")
    if not isinstance(select, Mapping):
        raise Refused("a target of a replacement has a `select`", target.location)
    rejects = [item for item in _items(target.get("reject")) if isinstance(item, Mapping)]
    paths = [item.text for item in _items(target.get("fieldPaths")) if isinstance(item, Scalar)] or ["metadata.name"]
    options = target.get("options")
    for one in objects:
        if not _is_selected(select, one) or any(_is_selected(item, one) for item in rejects if len(item)):
            continue
        for path in paths:
            create = value if _is_true(options, "create") else None
            places = list(_places(one.root, _steps(path), create=create))
            if not places:
                raise Refused(f"{one.id} has no field {path} to replace", target.location, cause=Cause.MAY_FOLLOW)
            for place in places:
                _put(place, value, options, target.location)


def _put(place: _Place, value: Node, options: Node | Missing, at: Location) -> None:
    old = child_of(*place)
    delimiter = _text(options, "delimiter")
    if delimiter:
        if not isinstance(old, Scalar) or not isinstance(value, Scalar):
            raise Refused("a `delimiter` splits single values only", at)
        parts, index = old.text.split(delimiter), _index(options)
        if index < 0:
            parts.insert(0, value.text)
        elif index >= len(parts):
            parts.append(value.text)
        else:
            parts[index] = value.text
        replace(*place, made_scalar(delimiter.join(parts), value, plain=old.plain))
    elif isinstance(old, Scalar) and isinstance(value, Scalar):
        replace(*place, made_scalar(value.text, value, plain=old.plain and not isinstance(old.value, str)))
    else:
        replace(*place, value)


def _places(root: Map, steps: list[str], create: Node | None) -> Iterator[_Place]:
    """Where a path leads: `[name=web]` and `*` may lead to several places."""
    yield from _from(root, steps, create)


def _from(value: Map | List | Scalar | None, steps: list[str], create: Node | None) -> Iterator[_Place]:
    step, rest = steps[0], steps[1:]
    for place in _next(value, step, rest, create):
        if not rest:
            yield place
        else:
            yield from _from(child_of(*place), rest, create)


def _next(value: Map | List | Scalar | None, step: str, rest: list[str], create: Node | None) -> Iterator[_Place]:
    if isinstance(value, Map):
        if step == "*":
            return
        if step not in value.entries:
            if create is None:
                return
            value.entries[step] = _new(rest, create)
        yield _Place(value, step)
    elif isinstance(value, List):
        yield from (_Place(value, index) for index in _indices(value, step, rest, create))


def _indices(value: List, step: str, rest: list[str], create: Node | None) -> list[int]:
    if step == "*":
        return list(range(len(value.items)))
    if step.isdecimal() and len(step) < 10:
        if int(step) == len(value.items) and create is not None:
            value.items.append(_new(rest, create))
        return [int(step)] if int(step) < len(value.items) else []
    match = _ITEM.fullmatch(step)
    if match is None:
        return []
    found = [index for index in range(len(value.items)) if _fits(value.get(index), match[1], match[2])]
    if not found and create is not None:
        text = made_scalar(match[2], create)
        value.items.append(Map(create, {match[1]: text}) if match[1] else text)
        found = [len(value.items) - 1]
    return found


def _fits(item: Map | List | Scalar, field: str, wanted: str) -> bool:
    """Whether the item, or its field, has a part that the regular expression matches."""
    if not field:
        return isinstance(item, Scalar) and compiled(wanted).search(item.text) is not None
    return isinstance(item, Map) and field in item.entries and compiled(wanted).search(item.text(field)) is not None


def _new(rest: list[str], create: Node) -> Draft:
    if not rest:
        return made_scalar("", create, plain=True) if isinstance(create, Scalar) else Map(create, {})
    if rest[0] == "*" or rest[0].isdecimal() or _ITEM.fullmatch(rest[0]):
        return List(create, [])
    return Map(create, {})


def _steps(path: str) -> list[str]:
    """The steps of `spec.containers.[name=web].image`; what is in brackets may hold dots."""
    parts: list[str] = []
    for part in path.split("."):
        if parts and parts[-1].endswith("\\"):
            parts[-1] = f"{parts[-1][:-1]}.{part}"
        else:
            parts.append(part)
    steps: list[str] = []
    while parts:
        step = parts.pop(0)
        if step.startswith("[") and not step.endswith("]"):
            while parts and not step.endswith("]"):
                step = f"{step}.{parts.pop(0)}"
            if "=" not in step:
                step = step.strip("[]")
        steps.append(step)
    return steps[:_DEEPEST]


def _is_selected(node: Mapping, one: Object) -> bool:
    """Whether a source or target means the object: by exact group, version, kind, name and namespace."""
    selector = selector_of(node)
    if not any(_has_id(selector, its) for its in one.ids):
        return False
    return one in Selector(labels=selector.labels, annotations=selector.annotations).select([one])


def _has_id(selector: Selector, its: Id) -> bool:
    kind = type_of(its.api_version, its.kind)
    wanted = (selector.group, selector.version, selector.kind)
    if any(mine and mine != theirs for mine, theirs in zip(wanted, kind, strict=True)):
        return False
    if selector.name and selector.name != its.name:
        return False
    return (
        not selector.namespace or identity(its.api_version, its.kind, "", selector.namespace).namespace == its.namespace
    )


def _items(node: Node | Missing) -> list[Node]:
    return list(node) if isinstance(node, Sequence) else []


def _text(node: Node | Missing, key: str) -> str:
    value = node.get(key) if isinstance(node, Mapping) else None
    return value.text if isinstance(value, Scalar) and value.value is not None else ""


def _index(options: Node | Missing) -> int:
    value = options.get("index") if isinstance(options, Mapping) else None
    number = value.value if isinstance(value, Scalar) else 0
    return number if isinstance(number, int) else 0


def _is_true(node: Node | Missing, key: str) -> bool:
    value = node.get(key) if isinstance(node, Mapping) else None
    return isinstance(value, Scalar) and value.value is True
