"""The user's own kustomize, for what is not built in, and its objects put back to the files they came from."""

from __future__ import annotations

import os
import posixpath
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.files import Tree
from netpol_lint.render.jobs import Job, Rendered
from netpol_lint.render.kustomize.kustomization import read
from netpol_lint.render.kustomize.refusal import Refused
from netpol_lint.source.documents import Document, Failure, read_documents
from netpol_lint.source.files import Trouble
from netpol_lint.source.made import MadeMapping, MadeSequence, made_scalar
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

_SECONDS: Final = 60
_MEMORY: Final = 4 * 1024**3
_OUTPUT: Final = 64 * 1024**2
_COMPLAINT: Final = 2_000
_ORIGIN: Final = "config.kubernetes.io/origin"
_TRANSFORMED: Final = "alpha.config.kubernetes.io/transformations"
_NOWHERE: Final = "http://127.0.0.1:9"
_OVERLAY: Final = "resources: [{path}]\nbuildMetadata: [originAnnotations]\n"


class Program(NamedTuple):
    """A program that builds kustomizations."""

    command: tuple[str, ...]
    name: str
    """With its version: `kubectl kustomize v5.5.0`."""


class _Output(NamedTuple):
    data: bytes
    complaint: str
    """Why there is none; "" if there is."""


def find_program(tree: Tree) -> Program | None:
    """`kustomize` or `kubectl` on PATH, never one that lies in the scanned tree."""
    from shutil import which

    for name, build, words, version in (
        ("kustomize", "build", "kustomize", ("version",)),
        ("kubectl", "kustomize", "kubectl kustomize", ("version", "--client")),
    ):
        path = which(name)
        if path is not None and os.path.isabs(path) and not tree.holds(path):
            return Program((path, build), f"{words} {_version(path, version)}".strip())
    return None


@cache
def _version(path: str, arguments: tuple[str, ...]) -> str:
    import re

    output = _run((path, *arguments), os.curdir).data.decode("utf-8", "replace")
    found = re.search(r"(?:Kustomize Version: )?(v\d+\.\d+\.\d+[\w.+-]*)\s*\Z", output)
    return found[1] if found is not None else ""


def build_with(program: Program, job: Job, tree: Tree, default_namespace: str, proved: frozenset[str]) -> Rendered:
    """What the program gives for the job, of which it is proved which files it reads. Refused if it fails."""
    from tempfile import TemporaryDirectory

    location = tree.location(job.root)
    kustomization = read(job.root, tree)
    if isinstance(location, Trouble):
        raise Refused(location.message, kustomization.root.location)
    with TemporaryDirectory(prefix="netpol-lint-") as temporary:
        overlay = os.path.realpath(temporary)
        path = os.path.relpath(location, overlay).replace(os.sep, "/")
        text = _OVERLAY.format(path=_quoted(path))
        Path(overlay, "kustomization.yaml").write_text(text, encoding="utf-8")
        output = _run((*program.command, overlay), overlay)
    if output.complaint:
        raise Refused(f"{program.name} fails: {output.complaint}", kustomization.root.location)
    origins = _Origins(job, tree, overlay, location, kustomization.root)
    documents = tuple(
        origins.placed(item, default_namespace) if isinstance(item, Document) else item
        for item in read_documents(output.data, kustomization.path, limits=tree.limits, prefilter=False)
    )
    return Rendered(job, documents, proved, (), not any(isinstance(one, Failure) for one in documents), program.name)


def _quoted(path: str) -> str:
    import json

    return json.dumps(path)


def _run(command: tuple[str, ...], directory: str) -> _Output:
    """What a program prints, within limits of time, memory and length; it finds no network, no git and no settings."""
    import subprocess
    from tempfile import TemporaryFile
    from threading import Timer

    environment = {
        **dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "KUSTOMIZE_PLUGIN_HOME", "TMPDIR"), directory),
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"), _NOWHERE),
        "PATH": directory,
        "KUBECONFIG": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        **{name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
    }
    with TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(
                command,
                cwd=directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
            )
        except OSError as error:
            return _Output(b"", str(error))
        timer = Timer(_SECONDS, process.kill)
        timer.start()
        try:
            _limit_memory(process.pid)
            assert process.stdout is not None
            data = _read(process.stdout)
            if len(data) > _OUTPUT:
                process.kill()
            process.stdout.close()
            code = process.wait()
        finally:
            timed_out = not timer.is_alive()
            timer.cancel()
        complaints.seek(0)
        words = complaints.read(_COMPLAINT).decode("utf-8", "replace")
    if timed_out:
        return _Output(b"", f"it takes longer than {_SECONDS} seconds")
    if len(data) > _OUTPUT:
        return _Output(b"", f"it prints more than {_OUTPUT} bytes")
    return _Output(data, "") if code == 0 else _Output(b"", " ".join(words.split()) or f"exit code {code}")


def _read(stream: IO[bytes]) -> bytes:
    parts: list[bytes] = []
    length = 0
    while length <= _OUTPUT:
        part = stream.read(min(_OUTPUT, 1 << 20))
        if not part:
            break
        parts.append(part)
        length += len(part)
    return b"".join(parts)


def _limit_memory(process: int) -> None:
    """Where the system can do it from outside."""
    if sys.platform == "linux":
        import resource

        with suppress(OSError, ValueError):  # it has ended already, or may use less anyway
            resource.prlimit(process, resource.RLIMIT_AS, (_MEMORY, _MEMORY))


class _Origins:
    """Puts printed objects back to where they were read from."""

    def __init__(self, job: Job, tree: Tree, overlay: str, location: str, root: Mapping) -> None:
        self._job = job
        self._tree = tree
        self._overlay = overlay
        self._location = location
        self._root = root

    def placed(self, document: Document, default_namespace: str) -> Document:
        """The object with the places of the one it was made of; all at the kustomization if that is not known."""
        source = self._source(document)
        root = _placed(_without_origin(document.root), source if source is not None else self._root)
        assert isinstance(root, Mapping)
        return Document(root.path, root, document.api_version, document.kind, default_namespace, False)

    def _source(self, document: Document) -> Mapping | None:
        path = self._path(document)
        documents = self._tree.documents(path) if path else ()
        if isinstance(documents, Trouble):
            return None
        found = [item for item in documents if isinstance(item, Document) and item.kind == document.kind]
        name = _name(document.root)
        same = [item for item in found if _name(item.root) == name] or [
            item for item in found if _name(item.root) and _name(item.root) in name
        ]
        best = max(same, key=lambda item: len(_name(item.root)), default=None)
        return best.root if best is not None else found[0].root if len(found) == 1 else None

    def _path(self, document: Document) -> str:
        """The display path of the file it came from; "" if it was made from nothing."""
        text = _annotation(document.root, _ORIGIN)
        for line in text.splitlines():
            key, _, path = line.partition(": ")
            if key == "path":
                real = os.path.normpath(os.path.join(self._overlay, path))
                below = os.path.relpath(real, self._location).replace(os.sep, "/")
                return posixpath.normpath(posixpath.join(self._job.root, below))
        return ""


def _placed(node: Node, at: Node) -> Node:
    if isinstance(node, Scalar):
        return made_scalar(node.text, at, plain=node.plain)
    if isinstance(node, Mapping):
        return MadeMapping(at, [(key, _placed(value, _child(at, key))) for key, _, value in node])
    return MadeSequence(at, [_placed(item, _item(at, item, index)) for index, item in enumerate(node)])


def _child(at: Node, key: str) -> Node:
    child = at.get(key) if isinstance(at, Mapping) else at
    return at if isinstance(child, Missing) else child


def _item(at: Node, item: Node, index: int) -> Node:
    """The item of the same name, or at the same place."""
    if not isinstance(at, Sequence):
        return at
    items = list(at)
    name = _field(item, "name")
    named = [one for one in items if name and _field(one, "name") == name]
    if named:
        return named[0]
    return items[index] if index < len(items) else at


def _without_origin(root: Mapping) -> Mapping:
    metadata = root.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    if not isinstance(metadata, Mapping) or not isinstance(annotations, Mapping):
        return root
    kept = [(key, value) for key, _, value in annotations if key not in {_ORIGIN, _TRANSFORMED}]
    others = [(key, value) for key, _, value in metadata if key != "annotations"]
    inner = MadeMapping(metadata, [*others, *([("annotations", MadeMapping(annotations, kept))] if kept else [])])
    return MadeMapping(root, [(key, inner if key == "metadata" else value) for key, _, value in root])


def _annotation(root: Mapping, name: str) -> str:
    metadata = root.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    return _field(annotations, name) if isinstance(annotations, Mapping) else ""


def _name(root: Mapping) -> str:
    metadata = root.get("metadata")
    return _field(metadata, "name") if isinstance(metadata, Mapping) else ""


def _field(node: Node, key: str) -> str:
    value = node.get(key) if isinstance(node, Mapping) else None
    return value.text if isinstance(value, Scalar) else ""
