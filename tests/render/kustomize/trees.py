"""Projects of kustomizations, as files of one text each, and what building one gives."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from netpol_lint.render.files import Tree
from netpol_lint.render.jobs import Job, Rendered
from netpol_lint.render.kustomize import build
from netpol_lint.source.documents import Document
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Node, Sequence, plain_data

PROJECTS: Final = Path(__file__).parent / "projects"
_FILE: Final = re.compile(r"^--- # file: (\S+)\n", re.MULTILINE)


def written(text: str, directory: Path) -> Path:
    """The directory, with the files that the text holds after lines `--- # file: path`."""
    _, *parts = _FILE.split(text)
    for name, content in zip(parts[::2], parts[1::2], strict=True):
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return directory


def project(name: str, directory: Path) -> Path:
    """The directory, with the files of one of our projects."""
    return written((PROJECTS / f"{name}.yaml").read_text(encoding="utf-8"), directory)


def built(directory: Path, root: str, **job: Any) -> Rendered:
    """What the kustomization `root` of a directory gives; the tree ends at the directory."""
    return build(Job("kustomize", root, root, **job), Tree([(".", str(directory))]))


def objects(rendered: Rendered) -> list[Any]:
    """The objects as plain data, ordered."""
    return ordered(plain_data(item.root) for item in rendered.documents if isinstance(item, Document))


def ordered(found: Any) -> list[Any]:
    """Objects in order, without null and empty metadata, which kustomize leaves out now and then."""
    return sorted((_settled(one) for one in found), key=repr)


def _settled(value: Any, key: str = "") -> Any:
    if isinstance(value, str):
        return value.rstrip("\n")  # of a file whose last line does not end
    if isinstance(value, list):
        return [_settled(item) for item in value]
    if not isinstance(value, dict):
        return value
    if key == "annotations":
        value = {name: "" if text is None else text for name, text in value.items()}
    kept = {name: _settled(item, name) for name, item in sorted(value.items()) if item is not None}
    return {name: item for name, item in kept.items() if item != {} or name not in {"annotations", "labels"}}


def the(rendered: Rendered, kind: str, name: str = "") -> Mapping:
    """The one object of a kind, of a name if one is given."""
    (found,) = [
        item.root
        for item in rendered.documents
        if isinstance(item, Document)
        and item.kind == kind
        and (not name or at(item.root, "metadata/name").text == name)
    ]
    return found


def at(node: Node, path: str) -> Any:
    """The node below another: keys and indices, separated by slashes."""
    for step in path.split("/"):
        if isinstance(node, Sequence):
            node = list(node)[int(step)]
        elif isinstance(node, Mapping):
            found = node.get(step.replace("|", "/"))
            assert isinstance(found, Node), f"no {step} of {path}"
            node = found
    return node


def place(location: Location) -> tuple[str, int, int]:
    """File, line and column."""
    return location.path, location.span.line, location.span.column


def problems(rendered: Rendered) -> list[tuple[str, str, int]]:
    """Reason, file and line of each problem."""
    return [(one.reason, one.at.path, one.at.span.line) for one in rendered.problems]
