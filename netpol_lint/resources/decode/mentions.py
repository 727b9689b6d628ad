"""What the containers of a pod are told: variables, arguments and commands, and the data they take values from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping as AnyMapping
from typing import Final

from netpol_lint.resources.decode.host_signs import may_be_mentioned
from netpol_lint.resources.decode.meta import text
from netpol_lint.resources.workload import DataRef, Mention
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

_CONTAINERS: Final = ("containers", "initContainers")
_REFERENCE: Final = re.compile(r"\$\$|\$\(([A-Za-z_.-][\w.-]*)\)")
"""As the kubelet expands it (third_party/forked/golang/expansion); `$$` stands for `$`."""
_IN_SHELL: Final = re.compile(r"\$\{([A-Za-z_]\w*)\}")
_FLAG: Final = re.compile(r"--?[A-Za-z0-9][\w.-]{0,80}")
_LONGEST_EXPANDED: Final = 20_000
"""Variables that refer to each other can grow without end."""
_FIELDS: Final = (("args", "argument"), ("command", "command"))
_KEY_REFS: Final = (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret"))
_ALL_REFS: Final = (("configMapRef", "ConfigMap"), ("secretRef", "Secret"))
_VOLUMES: Final = (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName"))
_PROJECTED: Final = (("configMap", "ConfigMap", "name"), ("secret", "Secret", "name"))


def mentions(spec: Mapping) -> Iterator[Mention]:
    """The texts of all containers that may name a host or a port, references to other variables expanded."""
    for name, container in _containers(spec):
        known: dict[str, str] = {}
        for variable in _mappings(container.get("env")):
            key, value = text(variable.get("name")), variable.get("value")
            if key and isinstance(value, Scalar):
                written = text(value)
                expanded = known[key] = _expanded(written, known) if "$" in written else written
                if may_be_mentioned(key, expanded):
                    yield Mention(expanded, f"variable {key}", value.location, key, name)
        for field, source in _FIELDS:
            yield from _arguments(container.get(field), source, known, name)


def data_refs(spec: Mapping) -> Iterator[DataRef]:
    """The ConfigMaps and Secrets that containers take variables from, or find in volumes."""
    for name, container in _containers(spec):
        yield from _of_container(name, container)
    for volume in _mappings(spec.get("volumes")):
        source = f"volume {text(volume.get('name'))}"
        for field, kind, named_by in _VOLUMES:
            yield from _mounted(volume.get(field), kind, named_by, source)
        projected = volume.get("projected")
        for part in _mappings(projected.get("sources")) if isinstance(projected, Mapping) else ():
            for field, kind, named_by in _PROJECTED:
                yield from _mounted(part.get(field), kind, named_by, source)


def _of_container(name: str, container: Mapping) -> Iterator[DataRef]:
    for variable in _mappings(container.get("env")):
        origin = variable.get("valueFrom")
        if isinstance(origin, Mapping):
            source = f"variable {text(variable.get('name'))}"
            for field, kind in _KEY_REFS:
                node = origin.get(field)
                key = text(node.get("key")) if isinstance(node, Mapping) else ""
                yield from _reference(node, kind, "name", key, source, name) if key else ()
    for origin in _mappings(container.get("envFrom")):
        for field, kind in _ALL_REFS:
            yield from _reference(origin.get(field), kind, "name", "", "envFrom", name)


def _mounted(node: Node | Missing, kind: str, named_by: str, source: str) -> Iterator[DataRef]:
    """All entries as files, or those that `items` chooses."""
    if isinstance(node, Mapping):
        items = node.get("items")
        chosen = [text(item.get("key")) for item in _mappings(items)] if isinstance(items, Sequence) else [""]
        for key in chosen:
            yield from _reference(node, kind, named_by, key, source, "")


def _containers(spec: Mapping) -> Iterator[tuple[str, Mapping]]:
    for field in _CONTAINERS:
        for container in _mappings(spec.get(field)):
            yield text(container.get("name")), container


def _arguments(node: Node | Missing, source: str, known: AnyMapping[str, str], container: str) -> Iterator[Mention]:
    """Each argument; of `--flag=value` and `--flag value` the value, with the flag for a key."""
    flag_before = ""
    for argument in node if isinstance(node, Sequence) else ():
        if not isinstance(argument, Scalar):
            continue
        written = text(argument)
        written = _in_shell(_expanded(written, known), known) if "$" in written else written
        flag, equals, value = written.partition("=")
        is_flag = _FLAG.fullmatch(flag) is not None
        key = flag if is_flag and equals else "" if written.startswith("-") else flag_before
        said = value if is_flag and equals else written
        flag_before = flag if is_flag and not equals else ""
        if may_be_mentioned(key, said):
            yield Mention(said, f"{source} {key}" if key else source, argument.location, key.lstrip("-"), container)


def _expanded(written: str, known: AnyMapping[str, str]) -> str:
    def replaced(found: re.Match[str]) -> str:
        return "$" if found[1] is None else known.get(found[1], found[0])

    return _within_limit(_REFERENCE.sub(replaced, written), written)


def _in_shell(written: str, known: AnyMapping[str, str]) -> str:
    """`${NAME}` as a shell expands it that most such commands are run by."""
    return _within_limit(_IN_SHELL.sub(lambda found: known.get(found[1], found[0]), written), written)


def _within_limit(expanded: str, written: str) -> str:
    return expanded if len(expanded) <= max(len(written), _LONGEST_EXPANDED) else written


def _reference(
    node: Node | Missing, kind: str, named_by: str, key: str, source: str, container: str
) -> Iterator[DataRef]:
    if isinstance(node, Mapping):
        named = node.get(named_by)
        name = text(named)
        if name:
            yield DataRef(kind, name, key, source, named.location, container)


def _mappings(node: Node | Missing) -> Iterator[Mapping]:
    if isinstance(node, Sequence):
        for item in node:
            if isinstance(item, Mapping):
                yield item
