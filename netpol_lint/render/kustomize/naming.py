"""Names that refer to other objects, put right after these were renamed."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from netpol_lint.render.kustomize.defaults import Config, NameReference
from netpol_lint.render.kustomize.draft import List, Map, is_null, node_of
from netpol_lint.render.kustomize.fields import FieldSpec, child_of, replace, write
from netpol_lint.render.kustomize.objects import Object, Type, type_of
from netpol_lint.source.made import made_scalar
from netpol_lint.source.tree import Scalar


def fix_references(config: Config, objects: list[Object]) -> None:
    """Follow the names of objects that were renamed or moved wherever the config says that a field is such a name."""
    renamed: dict[str, list[Object]] = {}
    for one in objects:
        for name in {name for _, name, _ in one.previous}:
            renamed.setdefault(name, []).append(one)
    if not renamed:
        return
    by_kind = _by_kind(config.references)
    for one in objects:
        first = Type(*one.type[:2], one.previous[0][2] if one.previous else one.kind)
        for target, spec in (*by_kind.get(one.kind, ()), *by_kind.get("", ())):
            if spec.type.selects(first):
                _Referrer(one, target, spec, renamed).fix()


@lru_cache(maxsize=16)
def _by_kind(references: tuple[NameReference, ...]) -> dict[str, list[tuple[Type, FieldSpec]]]:
    found: dict[str, list[tuple[Type, FieldSpec]]] = {}
    for target, fields in references:
        for spec in fields:
            found.setdefault(spec.type.kind, []).append((target, spec))
    return found


class _Referrer:
    """One field of an object that holds the name of another: kustomize's nameref filter."""

    def __init__(self, one: Object, target: Type, spec: FieldSpec, renamed: dict[str, list[Object]]) -> None:
        self._one = one
        self._target = target
        self._spec = spec
        self._renamed = renamed

    def fix(self) -> None:
        """Put the field right, wherever it is in the object."""
        spec = FieldSpec(self._spec.path, self._one.type)
        write(self._one, spec, self._leaf)

    def _leaf(self, holder: Map | List, key: str | int) -> None:
        value = child_of(holder, key)
        if isinstance(value, Scalar):
            self._scalar(holder, key, value)
        elif isinstance(value, Map):
            self._map(value)
        elif isinstance(value, List):
            for index in range(len(value.items)):
                self._leaf(value, index)

    def _scalar(self, holder: Map | List, key: str | int, value: Scalar) -> None:
        if is_null(value):
            return
        found = self._referred(self._could_be_meant(value.text), _name)
        if found is not None and found.name != value.text:
            replace(holder, key, made_scalar(found.name, value))

    def _map(self, value: Map) -> None:
        name = value.get("name")
        if not isinstance(name, Scalar):
            return
        candidates = self._could_be_meant(name.text)
        namespace = value.text("namespace")
        if "namespace" in value.entries:
            first = [one for one in candidates if not one.is_cluster_scoped and one.first_id.namespace == namespace]
            candidates = first or [one for one in candidates if one.id.namespace == namespace]
        found = self._referred(candidates, _name_and_namespace)
        if found is None or (found.name == name.text and not found.namespace):
            return
        value.entries["name"] = made_scalar(found.name, name)
        if found.namespace and found.namespace != namespace:
            at = value.get("namespace") or found.root.child("metadata", name).get("namespace")
            value.entries["namespace"] = made_scalar(found.namespace, node_of(at) if at is not None else name)

    def _could_be_meant(self, name: str) -> list[Object]:
        """Of those that were called so the ones in the referrer's namespace, without one, or where its subjects are."""
        candidates = self._renamed.get(name, [])
        if not candidates or self._one.is_cluster_scoped:
            return candidates
        here = self._one.id.namespace
        others = self._subject_namespaces()
        return [
            one for one in candidates if one.is_cluster_scoped or one.id.namespace == here or one.namespace in others
        ]

    def _subject_namespaces(self) -> set[str]:
        subjects = self._one.root.get("subjects") if self._one.kind == "RoleBinding" else None
        return {
            subject.text("namespace")
            for subject in (subjects if isinstance(subjects, List) else ())
            if isinstance(subject, Map) and subject.text("kind") == "ServiceAccount" and subject.text("namespace")
        }

    def _referred(self, candidates: list[Object], identity: Callable[[Object], object]) -> Object | None:
        """The one object of them that is meant; None if there is none, or kustomize could not tell which."""
        found = [one for one in candidates if _was_a(one, self._target)]
        if self._spec.path[-2:] == ("roleRef", "name"):
            role = self._one.root.get("roleRef")
            if isinstance(role, Map) and role.text("kind"):
                found = [one for one in found if _was_a(one, Type(role.text("apiGroup"), "", role.text("kind")))]
        if not self._one.is_cluster_scoped:
            here = self._one.id.namespace
            found = [
                one
                for one in found
                if one.is_cluster_scoped or one.kind == "ServiceAccount" or one.id.namespace == here
            ]
        if len(found) == 1:
            return found[0]
        found = [one for one in found if _same_context(one, self._one, lenient=True)]
        if len(found) > 1:
            found = [one for one in found if _same_context(one, self._one, lenient=False)]
        if found and len({identity(one) for one in found}) == 1:
            return found[0]
        return None


def _name(one: Object) -> object:
    return one.name


def _name_and_namespace(one: Object) -> object:
    return one.name, one.namespace


def _was_a(one: Object, target: Type) -> bool:
    version = one.api_version
    return any(target.selects(type_of(version, kind)) for _, _, kind in one.previous)


def _same_context(one: Object, other: Object, *, lenient: bool) -> bool:
    return _same_end(one.prefixes, other.prefixes, lenient=lenient) and _same_end(
        one.suffixes, other.suffixes, lenient=lenient
    )


def _same_end(one: list[str], other: list[str], *, lenient: bool) -> bool:
    if lenient and (not one or not other):
        return True
    if bool(one) != bool(other):
        return False
    shorter = min(len(one), len(other))
    return one[len(one) - shorter :] == other[len(other) - shorter :]
