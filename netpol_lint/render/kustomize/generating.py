"""ConfigMaps and Secrets that a kustomization generates, with the hash in their names."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Any, Final

from netpol_lint.render.files import Tree
from netpol_lint.render.kustomize.draft import Draft, Map, frozen
from netpol_lint.render.kustomize.kustomization import Kustomization
from netpol_lint.render.kustomize.objects import Object, with_id
from netpol_lint.render.kustomize.references import Role, not_read, resolve_text
from netpol_lint.render.kustomize.refusal import Allowance, Cause, Refused
from netpol_lint.source.documents import Document
from netpol_lint.source.files import Trouble
from netpol_lint.source.location import Location
from netpol_lint.source.made import made_scalar
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence, plain_data

_KINDS: Final = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}
_LINE: Final = 70
_BINARY: Final = "binaryData"
Use = Callable[[str], None]


class Generator:
    """Makes what one kustomization generates."""

    def __init__(
        self,
        kustomization: Kustomization,
        tree: Tree,
        use: Use,
        refuse: Callable[[Refused], None],
        allowance: Allowance,
    ) -> None:
        self._kustomization = kustomization
        self._tree = tree
        self._use = use
        self._refuse = refuse
        self._bytes = allowance
        options = kustomization.fields.get("generatorOptions")
        self._options = options if isinstance(options, Mapping) else None

    def run(self, objects: list[Object], default_namespace: str) -> list[Object]:
        """The objects with the generated ones, new or merged into those of the same name."""
        for field, kind in _KINDS.items():
            for item in self._kustomization.mappings(field):
                try:
                    objects = self._absorb(self._made(item, kind, default_namespace), item, objects)
                except Refused as refused:
                    self._refuse(refused)
        return objects

    def _made(self, item: Mapping, kind: str, default_namespace: str) -> Object:
        name = item.get("name")
        if not isinstance(name, Scalar) or not name.text:
            raise Refused(f"a generated {kind} needs a name", item.location)
        metadata = Map(item, {"name": made_scalar(name.text, name)})
        namespace = item.get("namespace")
        if isinstance(namespace, Scalar) and namespace.text:
            metadata.entries["namespace"] = made_scalar(namespace.text, namespace)
        for key in ("labels", "annotations"):
            pairs: dict[str, Draft] = dict(self._pairs(item, key))
            if pairs:
                metadata.entries[key] = Map(item, pairs)
        root = Map(item, {"apiVersion": made_scalar("v1", item), "kind": made_scalar(kind, item), "metadata": metadata})
        if kind == "Secret":
            type_ = item.get("type")
            text = type_.text if isinstance(type_, Scalar) and type_.text else "Opaque"
            root.entries["type"] = made_scalar(text, item)
        data, binary = self._data(item, kind)
        for field, values in (("data", data), (_BINARY, binary)):
            if values or (kind == "Secret" and field == "data"):
                root.entries[field] = Map(item, {key: made_scalar(values[key], item) for key in sorted(values)})
        if self._says(item, "immutable"):
            root.entries["immutable"] = made_scalar("true", item, plain=True)
        document = Document(self._kustomization.path, _mapping(root), "v1", kind, default_namespace, False)
        return Object(root, document, needs_hash=not self._says(item, "disableNameSuffixHash"))

    def _absorb(self, one: Object, item: Mapping, objects: list[Object]) -> list[Object]:
        """Add, replace or merge, as `behavior` says."""
        behavior = item.get("behavior")
        text = behavior.text if isinstance(behavior, Scalar) else "create"
        found = with_id(objects, one.id)
        if text not in {"merge", "replace"}:
            if found:
                raise Refused(f"{one.id} exists already; `behavior` has to be merge or replace", item.location)
            return [*objects, one]
        if len(found) != 1:
            raise Refused(f"there is no {one.id} to {text}", item.location, cause=Cause.MAY_FOLLOW)
        (old,) = found
        _take_metadata(one, old)
        if text == "merge":
            for field in ("data", _BINARY):
                before, after = old.root.get(field), one.root.get(field)
                if isinstance(before, Map):
                    own = after.entries if isinstance(after, Map) else {}
                    one.root.entries[field] = Map(before.at, {**before.entries, **own})
        return [one if other is old else other for other in objects]

    def _pairs(self, item: Mapping, key: str) -> Iterator[tuple[str, Node]]:
        for options in (self._options, item.get("options")):
            pairs = options.get(key) if isinstance(options, Mapping) else None
            for name, _, value in pairs if isinstance(pairs, Mapping) else ():
                if isinstance(value, Scalar):
                    yield name, made_scalar(value.text, value)

    def _says(self, item: Mapping, option: str) -> bool:
        for options in (item.get("options"), self._options):
            value = options.get(option) if isinstance(options, Mapping) else None
            if isinstance(value, Scalar) and value.value is True:
                return True
        return False

    def _data(self, item: Mapping, kind: str) -> tuple[dict[str, str], dict[str, str]]:
        data: dict[str, str] = {}
        binary: dict[str, str] = {}
        for key, content in self._sources(item):
            self._bytes.spend(len(content), item.location)
            text = _text(content)
            if kind == "Secret":
                data[key] = _base64(content)
            elif text is None:
                binary[key] = _base64(content)
            else:
                data[key] = text
        return data, binary

    def _sources(self, item: Mapping) -> Iterator[tuple[str, bytes]]:
        envs = [node for node in (item.get("env"),) if isinstance(node, Scalar) and node.text]
        for node in [*_scalars(item.get("envs")), *envs]:
            for data in self._read(node.text, node.location):
                yield from _env_lines(data)
        for node in _scalars(item.get("literals")):
            key, equals, value = node.text.partition("=")
            if not equals or not key:
                raise Refused("a literal is written key=value", node.location)
            yield key, _unquoted(value).encode("utf-8", "surrogatepass")
        for node in _scalars(item.get("files")):
            key, equals, path = node.text.rpartition("=")
            for data in self._read(path, node.location):
                yield (key if equals else posixpath.basename(path)), data

    def _read(self, path: str, at: Location) -> Iterator[bytes]:
        """What a file holds. One that is not there is a problem, but the object is still made of the others."""
        reference = resolve_text(path, at, Role.GENERATOR_INPUT, self._kustomization.directory, self._tree)
        if not reference.is_local:
            self._refuse(not_read(reference))
            return
        self._use(reference.path)
        data = self._tree.read(reference.path)
        if isinstance(data, Trouble):
            self._refuse(Refused(f"{path} is not read: {data.message}", at, cause=Cause.ABSENT_DATA))
        else:
            yield data


def hashed(objects: list[Object]) -> None:
    """Append to the names of generated objects the hash of what they hold."""
    for one in objects:
        if one.needs_hash:
            name = f"{one.name}-{_hash(one)}"
            one.remember()
            metadata = one.root.child("metadata", one.root.at)
            old = metadata.get("name")
            metadata.entries["name"] = made_scalar(name, old if isinstance(old, Scalar) else one.root.at)


def _take_metadata(one: Object, old: Object) -> None:
    """A generated object that replaces another keeps its name, and the labels and annotations it does not set."""
    metadata = one.root.child("metadata", one.root.at)
    before = old.root.get("metadata")
    if isinstance(before, Map):
        for key in ("labels", "annotations"):
            theirs, own = before.get(key), metadata.get(key)
            if isinstance(theirs, Map):
                mine = own.entries if isinstance(own, Map) else {}
                metadata.entries[key] = Map(theirs.at, {**theirs.entries, **mine})
        for key in ("name", "namespace"):
            if key in before.entries:
                metadata.entries[key] = before.entries[key]
            else:
                metadata.entries.pop(key, None)
    one.previous, one.prefixes, one.suffixes = old.previous, old.prefixes, old.suffixes
    one.variables = old.variables
    one.needs_hash = one.needs_hash and old.needs_hash


def _hash(one: Object) -> str:
    from hashlib import sha256

    data: Any = plain_data(frozen(one.root))
    # kustomize looks for a field named "metadata/name", which there never is: the name does not count
    content: dict[str, Any] = {"kind": one.kind, "name": "", "data": data.get("data", "")}
    if one.kind == "Secret":
        content["type"] = data.get("type", "")
        if data.get("stringData"):
            content["stringData"] = data["stringData"]
    elif data.get(_BINARY):
        content[_BINARY] = data[_BINARY]
    digits = sha256(_as_go_json(content).encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return digits.translate(str.maketrans("013ae", "ghkmt"))


def _as_go_json(content: Any) -> str:
    """JSON as Go writes it: keys sorted, and what HTML would read escaped."""
    import json

    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    text = text.replace("\\b", "\\u0008").replace("\\f", "\\u000c") if "\\b" in text or "\\f" in text else text
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _env_lines(data: bytes) -> Iterator[tuple[str, bytes]]:
    for number, line in enumerate(data.split(b"\n")):
        text = line.removesuffix(b"\r")
        if not number:
            text = text.removeprefix(b"\xef\xbb\xbf")
        text = text.lstrip()
        if text and not text.startswith(b"#"):
            key, _, value = text.partition(b"=")
            yield key.decode("utf-8", "replace"), value


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


def _text(content: bytes) -> str | None:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _base64(content: bytes) -> str:
    """As kustomize prints it: broken into lines."""
    from base64 import b64encode

    text = b64encode(content).decode()
    if len(text) < _LINE:
        return text
    return "".join(f"{text[start : start + _LINE]}\n" for start in range(0, len(text), _LINE))


def _scalars(node: Node | Missing) -> list[Scalar]:
    return [item for item in node if isinstance(item, Scalar)] if isinstance(node, Sequence) else []


def _mapping(root: Map) -> Mapping:
    node = frozen(root)
    assert isinstance(node, Mapping)
    return node
