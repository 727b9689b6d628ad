"""`vars`: `$(NAME)` in commands, environment and the like, replaced by a field of another object."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.kustomize.defaults import Config
from netpol_lint.render.kustomize.draft import Draft, List, Map, opened
from netpol_lint.render.kustomize.fields import child_of, replace, write
from netpol_lint.render.kustomize.objects import Object, identity
from netpol_lint.render.kustomize.refusal import Cause, Refused
from netpol_lint.source.location import Location
from netpol_lint.source.made import made_scalar
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar

_LONGEST: Final = 64 * 1024
_MOST_REFERENCES: Final = 100
_REFERENCE: Final = re.compile(r"\$(?:\$|\(([^)]*)\))")


class Variable(NamedTuple):
    """One var: the field of an object that gives its value."""

    name: str
    field: str
    at: Location


def declared(nodes: Iterable[Mapping], objects: list[Object]) -> list[Variable]:
    """The vars of a kustomization; the objects that they are fields of remember their names."""
    found = []
    for node in nodes:
        name = _text(node, "name")
        reference, field = node.get("objref"), node.get("fieldref")
        path = (_text(field, "fieldPath") or _text(field, "fieldpath")) if isinstance(field, Mapping) else ""
        variable = Variable(name, path or "metadata.name", node.location)
        if not name or not isinstance(reference, Mapping):
            raise Refused("a var has a `name` and an `objref`", node.location)
        for one in _meant(reference, objects):
            one.variables.append(name)
        found.append(variable)
    return found


def _meant(reference: Mapping, objects: list[Object]) -> list[Object]:
    version = _text(reference, "apiVersion")
    if not version:
        group, short = _text(reference, "group"), _text(reference, "version")
        version = f"{group}/{short}" if group else short
    namespace = _text(reference, "namespace")
    wanted = identity(version, _text(reference, "kind"), _text(reference, "name"), namespace)
    return [
        one
        for one in objects
        if any(its[:3] == wanted[:3] and (not namespace or its.namespace == wanted.namespace) for its in one.ids)
    ]


def resolve(variables: list[Variable], config: Config, objects: list[Object]) -> None:
    """Replace the references to vars. Refused if a var has no object or field."""
    if not variables:
        return
    values = {variable.name: _value(variable, objects) for variable in variables}

    def leaf(holder: Map | List, key: str | int) -> None:
        value = child_of(holder, key)
        if isinstance(value, Scalar):
            replace(holder, key, _expanded(value, values))
        elif isinstance(value, Map):
            value.entries = {name: _expanded(item, values) for name, item in value.entries.items()}
        elif isinstance(value, List):
            value.items = [_expanded(item, values) for item in value.items]

    for one in objects:
        for spec in config.variables:
            write(one, spec, leaf)


def _value(variable: Variable, objects: list[Object]) -> Scalar:
    for one in objects:
        if variable.name in one.variables:
            value: Draft | None = one.root
            for step in re.findall(r"[^.\[\]]+", variable.field):
                value = opened(value) if value is not None else None
                if isinstance(value, Map):
                    value = value.get(step)
                elif isinstance(value, List) and step.isdecimal() and int(step) < len(value.items):
                    value = value.get(int(step))
                else:
                    value = None
            if isinstance(value, Scalar) and len(value.text) <= _LONGEST:
                return value
            reason = f"the var {variable.name} names {variable.field}, which {one.id} does not have"
            raise Refused(reason, variable.at, cause=Cause.MAY_FOLLOW)
    raise Refused(f"the object that the var {variable.name} names is not there", variable.at, cause=Cause.MAY_FOLLOW)


def _expanded(value: Draft, values: dict[str, Scalar]) -> Draft:
    if not isinstance(value, Scalar) or not isinstance(value.value, str) or "$" not in value.text:
        return value
    whole = _REFERENCE.fullmatch(value.text)
    if whole is not None and whole[1] in values:
        found = values[whole[1]]
        return made_scalar(found.text, value, plain=not isinstance(found.value, str))
    if value.text.count("$") > _MOST_REFERENCES:
        return value
    text = _REFERENCE.sub(lambda match: _replacement(match, values), value.text)
    return made_scalar(text, value) if text != value.text else value


def _replacement(match: re.Match[str], values: dict[str, Scalar]) -> str:
    if match[0] == "$$":
        return "$"
    return values[match[1]].text if match[1] in values else match[0]


def _text(node: Node | Missing, key: str) -> str:
    value = node.get(key) if isinstance(node, Mapping) else None
    return value.text if isinstance(value, Scalar) and value.value is not None else ""
