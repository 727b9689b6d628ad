"""A kustomization file: its fields, and what it refers to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.files import Tree
from netpol_lint.render.kustomize import charts
from netpol_lint.render.kustomize.references import Reference, Role, resolve, resolve_text
from netpol_lint.render.kustomize.refusal import Refused
from netpol_lint.source.documents import Failure
from netpol_lint.source.files import Trouble
from netpol_lint.source.location import Location, Span
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

NAMES: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_GROUP: Final = "kustomize.config.k8s.io"
_TEXT, _MAPPING, _TEXTS, _MAPPINGS = "text", "a mapping", "a list of texts", "a list of mappings"
_FIELDS: Final = {
    **dict.fromkeys(("apiVersion", "kind", "namePrefix", "nameSuffix", "namespace"), _TEXT),
    **dict.fromkeys(("metadata", "openapi", "commonLabels", "commonAnnotations"), _MAPPING),
    **dict.fromkeys(("sortOptions", "helmGlobals", "generatorOptions"), _MAPPING),
    **dict.fromkeys(("resources", "bases", "components", "crds", "configurations", "patchesStrategicMerge"), _TEXTS),
    **dict.fromkeys(("generators", "transformers", "validators", "buildMetadata"), _TEXTS),
    **dict.fromkeys(("labels", "patches", "patchesJson6902", "images", "imageTags", "vars", "replacements"), _MAPPINGS),
    **dict.fromkeys(("replicas", "configMapGenerator", "secretGenerator"), _MAPPINGS),
    **dict.fromkeys(("helmCharts", "helmChartInflationGenerator"), _MAPPINGS),
}
_BY_LOWER: Final = {field.lower(): field for field in _FIELDS}
_TOP: Final = Span(1, 1, 1, 2)


class Kustomization(NamedTuple):
    """One kustomization file."""

    path: str
    directory: str
    root: Mapping
    fields: dict[str, Node]
    """By their proper names: kustomize reads `Resources` as `resources`. Those that are null are left out."""
    is_component: bool
    mistakes: tuple[tuple[str, Location], ...]
    """For what kustomize refuses the file: keys it does not know, values of another kind than it wants."""

    def text(self, field: str) -> str:
        """The text of a field; "" if it is missing or no scalar."""
        value = self.fields.get(field)
        return value.text if isinstance(value, Scalar) else ""

    def items(self, field: str) -> list[Node]:
        """The items of a list; none if it is missing."""
        value = self.fields.get(field)
        return list(value) if isinstance(value, Sequence) else []

    def mappings(self, field: str) -> list[Mapping]:
        """The items of a list that are mappings."""
        return [item for item in self.items(field) if isinstance(item, Mapping)]

    def scalars(self, field: str) -> list[Scalar]:
        """The items of a list that are single values."""
        return [item for item in self.items(field) if isinstance(item, Scalar)]


def file_in(directory: str, tree: Tree) -> str:
    """The display path of a directory's kustomization file; "" if it has none. Refused if it has several."""
    found = [name for name in NAMES if tree.is_file(posixpath.join(directory, name))]
    if len(found) > 1:
        at = Location(posixpath.normpath(posixpath.join(directory, found[1])), _TOP)
        raise Refused(f"kustomize refuses a directory with both {found[0]} and {found[1]}", at, "remove one of them")
    return posixpath.normpath(posixpath.join(directory, found[0])) if found else ""


def read(directory: str, tree: Tree, at: Location | None = None) -> Kustomization:
    """The kustomization of a directory. Refused, at its place or `at`, if there is none or it is no kustomization."""
    path = file_in(directory, tree)
    if not path:
        here = at or Location(posixpath.normpath(directory), _TOP)
        raise Refused("the directory has no kustomization.yaml", here, "add one, or list the files one by one")
    trees = tree.trees(path)
    if isinstance(trees, Trouble):
        raise Refused(trees.message, Location(path, _TOP))
    root = trees[0] if trees else None
    if root is None:
        raise Refused("the kustomization is empty", Location(path, _TOP), "list resources in it, or remove it")
    if isinstance(root, Failure):
        raise Refused(root.message, root.at)
    if not isinstance(root, Mapping):
        raise Refused("a kustomization is a mapping with `resources`", root.location)
    return _checked(path, directory, root)


def _checked(path: str, directory: str, root: Mapping) -> Kustomization:
    fields: dict[str, Node] = {}
    mistakes: list[tuple[str, Location]] = []
    for key, _, value in root:
        name = key if key in _FIELDS else _BY_LOWER.get(key.lower(), "")
        if not name:
            mistakes.append((f"kustomize knows no field {key!r}", root.key_location(key)))
        elif not (isinstance(value, Scalar) and value.value is None):
            if name in fields:
                mistakes.append((f"`{name}` is given in two spellings", root.key_location(key)))
            fields[name] = value
            wrong = _wrong(value, _FIELDS[name])
            if wrong is not None:
                mistakes.append((f"`{name}` has to be {_FIELDS[name]}", wrong.location))
    if fields.keys() <= {"apiVersion", "kind"} and not mistakes:
        mistakes.append(("kustomize refuses an empty kustomization", root.location))
    mistakes += _labels_that_are_no_text(fields)
    kind, version = _text(fields.get("kind")), _text(fields.get("apiVersion"))
    if kind not in {"", "Kustomization", "Component"} or (version and version.partition("/")[0] != _GROUP):
        what = " ".join(part for part in (version, kind) if part)
        raise Refused(f"kustomize takes no {what} for a kustomization", root.location)
    right = f"{_GROUP}/v1alpha1" if kind == "Component" else f"{_GROUP}/v1beta1"
    if version not in {"", right}:
        mistakes.append((f"the `apiVersion` of a {kind or 'Kustomization'} is {right}", fields["apiVersion"].location))
    return Kustomization(path, directory, root, fields, kind == "Component", tuple(mistakes))


def _labels_that_are_no_text(fields: dict[str, Node]) -> list[tuple[str, Location]]:
    """Labels and annotations for all objects that are numbers or booleans, for which kustomize refuses the file."""
    labels = fields.get("labels")
    pairs = [item.get("pairs") for item in labels if isinstance(item, Mapping)] if isinstance(labels, Sequence) else []
    return [
        (f"the value of {key!r} has to be text, in quotes", value.location)
        for found in (fields.get("commonLabels"), fields.get("commonAnnotations"), *pairs)
        if isinstance(found, Mapping)
        for key, _, value in found
        if not isinstance(value, Scalar) or isinstance(value.value, (bool, int, float))
    ]


def _wrong(value: Node, wanted: str) -> Node | None:
    """What is not as kustomize wants it; None if all is."""
    if wanted in {_TEXT, _MAPPING}:
        return None if isinstance(value, Scalar if wanted == _TEXT else Mapping) else value
    if not isinstance(value, Sequence):
        return value
    kind = Scalar if wanted == _TEXTS else Mapping
    return next((item for item in value if not isinstance(item, kind)), None)


_LISTS: Final = (
    *(("resources", Role.RESOURCE), ("bases", Role.RESOURCE), ("components", Role.COMPONENT)),
    *(("configurations", Role.CONFIGURATION), ("crds", Role.CRD), ("patchesStrategicMerge", Role.PATCH)),
    *(("generators", Role.PLUGIN), ("transformers", Role.PLUGIN), ("validators", Role.PLUGIN)),
)
_WITH_PATH: Final = (
    *(("patches", Role.PATCH), ("patchesJson6902", Role.PATCH), ("replacements", Role.REPLACEMENT)),
    ("openapi", Role.OPENAPI),
)
_MAY_BE_INLINE: Final = frozenset((Role.PATCH, Role.PLUGIN))


def references_of(kustomization: Kustomization, tree: Tree) -> Iterator[Reference]:
    """Everything that it names, in the order of kinds of use; what it names twice comes twice."""
    here = kustomization.directory
    for field, role in _LISTS:
        for scalar in kustomization.scalars(field):
            if role not in _MAY_BE_INLINE or not is_inline(scalar):
                yield resolve(scalar, role, here, tree)
    for field, role in _WITH_PATH:
        for item in _mappings_in(kustomization.fields.get(field)):
            path = item.get("path")
            if isinstance(path, Scalar):
                yield resolve(path, role, here, tree)
    yield from _inputs(kustomization, tree)
    yield from charts.references_in(kustomization, tree)


def is_inline(scalar: Scalar) -> bool:
    """Whether an entry that is a file or its content is the content."""
    return "\n" in scalar.text.strip() or ": " in scalar.text or scalar.text.lstrip().startswith(("{", "["))


def _inputs(kustomization: Kustomization, tree: Tree) -> Iterator[Reference]:
    for field in ("configMapGenerator", "secretGenerator"):
        for generator in kustomization.mappings(field):
            for key in ("files", "envs"):
                sources = generator.get(key)
                for source in sources if isinstance(sources, Sequence) else ():
                    if isinstance(source, Scalar):
                        text = source.text.rpartition("=")[2] if key == "files" else source.text
                        yield resolve_text(text, source.location, Role.GENERATOR_INPUT, kustomization.directory, tree)
            env = generator.get("env")
            if isinstance(env, Scalar) and env.text:
                yield resolve(env, Role.GENERATOR_INPUT, kustomization.directory, tree)


def _mappings_in(node: Node | None) -> Iterator[Mapping]:
    if isinstance(node, Mapping):
        yield node
    elif isinstance(node, Sequence):
        yield from (item for item in node if isinstance(item, Mapping))


def _text(node: Node | Missing | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
