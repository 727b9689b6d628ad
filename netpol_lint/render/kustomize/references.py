"""What a kustomization refers to, and whether that is in the scanned tree."""

from __future__ import annotations

import enum
import posixpath
import re
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.files import LEADS_OUT, NOT_THERE, OUTSIDE, Tree
from netpol_lint.render.kustomize.refusal import Cause, Refused
from netpol_lint.source.files import Trouble
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Scalar


class Role(enum.Enum):
    """What a reference is for."""

    RESOURCE = "resource"
    """A file of objects, or the directory of another kustomization."""
    COMPONENT = "component"
    PATCH = "patch"
    REPLACEMENT = "replacement"
    GENERATOR_INPUT = "generator input"
    """A file that a ConfigMap or Secret is made of."""
    CONFIGURATION = "configuration"
    CRD = "crd"
    OPENAPI = "openapi"
    PLUGIN = "plugin"
    """A generator, transformer or validator."""
    CHART = "chart"
    """A Helm chart, or values of one."""


class Reach(enum.Enum):
    """Where what is referred to is."""

    FILE = "file"
    DIRECTORY = "directory"
    REMOTE = "remote"
    MISSING = "missing"


class Reference(NamedTuple):
    """One thing that a kustomization names."""

    role: Role
    text: str
    """As it is written there."""
    path: str
    """The display path; "" if it is remote."""
    reach: Reach
    at: Location
    problem: str = ""
    """Why it is not read, if it is remote or missing."""
    remedy: str = ""

    @property
    def is_local(self) -> bool:
        return self.reach in {Reach.FILE, Reach.DIRECTORY}


_SCHEME: Final = re.compile(r"(?:git::)?(?:ssh|file|https?|git|s3|gcs|oci)://|git::", re.IGNORECASE)
_SSH: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*@[^/]+[:/]")
_GITHUB: Final = re.compile(r"github\.com[/:]", re.IGNORECASE)
_DATA: Final = frozenset((Role.GENERATOR_INPUT, Role.CRD, Role.OPENAPI))
"""What no pods can be in."""
_DEFINITIONS: Final = re.compile(r"(?:^|[-_./])(?:crds?|customresourcedefinitions?)(?=[-_./?]|$)", re.IGNORECASE)
"""Names of what defines custom resources."""
_FETCH: Final = "vendor it into the repository, or check what `kustomize build` prints"


def not_read(reference: Reference, what: str = "") -> Refused:
    """Why what is referred to is not read; `what` is put before its name."""
    named = f"{what} {reference.text}".strip()
    is_data = reference.role in _DATA or _DEFINITIONS.search(reference.text) is not None
    return Refused(
        f"{named} is not read: {reference.problem}",
        reference.at,
        reference.remedy,
        cause=Cause.ABSENT_DATA if is_data else Cause.ABSENT,
        file=named if is_data or reference.problem == NOT_THERE else "",
        problem=reference.problem,
    )


def is_remote(text: str) -> bool:
    """Whether kustomize would fetch it if there is no such file: a URL, `github.com/...`, `git@host:...`."""
    return bool(_SCHEME.match(text) or _SSH.match(text) or _GITHUB.match(text))


def is_url(text: str) -> bool:
    """Whether kustomize would fetch it even if there were such a file."""
    return text.lower().startswith(("http://", "https://"))


def resolve(scalar: Scalar, role: Role, directory: str, tree: Tree) -> Reference:
    """Where the path in a scalar leads from a directory of the tree."""
    return resolve_text(scalar.text, scalar.location, role, directory, tree)


def resolve_text(text: str, at: Location, role: Role, directory: str, tree: Tree) -> Reference:
    """Where a path leads from a directory of the tree."""
    path = posixpath.normpath(posixpath.join(directory, text)) if text else ""
    remote = Reference(role, text, "", Reach.REMOTE, at, "it is remote, and nothing is fetched", _FETCH)
    if is_url(text):
        return remote
    if not text:
        return Reference(role, text, "", Reach.MISSING, at, "the path is empty", "name a file or directory")
    if not posixpath.isabs(text):
        if tree.is_file(path):
            return Reference(role, text, path, Reach.FILE, at)
        if is_remote(text):
            return remote
        if tree.is_directory(path):
            return Reference(role, text, path, Reach.DIRECTORY, at)
    elif is_remote(text):
        return remote
    return _missing(role, text, path, at, tree)


def _missing(role: Role, text: str, path: str, at: Location, tree: Tree) -> Reference:
    if posixpath.isabs(text):
        problem, remedy = "an absolute path, which kustomize does not follow", "use a path relative to this file"
        return Reference(role, text, path, Reach.MISSING, at, problem, remedy)
    location = tree.location(path)
    problem = location.message if isinstance(location, Trouble) else NOT_THERE
    remedies = {
        NOT_THERE: "add the file, or remove the line",
        OUTSIDE: "scan a directory that holds it",
        LEADS_OUT: "replace the link by the file",
    }
    return Reference(role, text, path, Reach.MISSING, at, problem, remedies.get(problem, ""))
