"""Which renderers of charts there are: the user's `helm`, and Helm as a library of the optional extra."""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from pathlib import Path
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.helm.bounded import Allowance, run

SDK: Final = "helm-python-sdk"
_VERSION: Final = re.compile(r"v[34]\.\d+[0-9A-Za-z.+-]{0,60}")
_QUICKLY: Final = Allowance(seconds=15)


class Renderer(NamedTuple):
    """What renders charts."""

    kind: str
    """`binary`, `sdk` or `none`."""
    version: str = ""
    location: str = ""
    """The program, or the directory to import the library from."""
    trouble: str = ""
    """Why there is none, or why a program that was found is not used."""

    @property
    def name(self) -> str:
        """As reports and messages name it: `helm v4.0.1`, `helm-python-sdk 0.2.2`, `none`."""
        called = {"binary": "helm", "sdk": SDK}.get(self.kind, "none")
        return f"{called} {self.version}".strip()


NONE: Final = Renderer("none")


def chosen(renderer: str) -> Renderer:
    """The renderer that `auto` (the program, else the library), `binary`, `sdk` or `none` stands for."""
    if renderer == "none":
        return Renderer("none", trouble="rendering charts is switched off")
    binary = _binary(os.environ.get("PATH", "")) if renderer in ("auto", "binary") else NONE
    if binary.kind != "none" or renderer == "binary":
        return binary if binary.kind != "none" or binary.trouble else Renderer("none", trouble="no `helm` is on PATH")
    library = _library()
    if library.kind != "none":
        return library
    if renderer == "sdk":
        return Renderer("none", trouble=f"{SDK} is not installed")
    return Renderer("none", trouble=binary.trouble or f"neither `helm` is on PATH nor {SDK} installed")


@cache
def _binary(path: str) -> Renderer:
    """`helm` on PATH, from absolute directories only: no program of the directory that is linted."""
    location = _on_path(path)
    if not location:
        return NONE
    import tempfile

    with tempfile.TemporaryDirectory(prefix="netpol-lint-") as home:
        ran = run([location, "version", "--template", "{{.Version}}"], home, _QUICKLY)
    version = ran.output.decode("utf-8", "replace").strip()
    if ran.trouble:
        return Renderer("none", trouble=f"`helm version` of the `helm` on PATH failed: {ran.trouble}")
    if ran.code or not _VERSION.fullmatch(version):
        return Renderer("none", trouble="the `helm` on PATH does not tell a version 3 or 4")
    return Renderer("binary", version, location)


def _on_path(path: str) -> str:
    import shutil

    directories = [Path(directory) for directory in path.split(os.pathsep) if Path(directory).is_absolute()]
    found = shutil.which("helm", path=os.pathsep.join(map(str, directories))) if directories else None
    return found if found is not None and Path(found).parent in directories else ""


@cache
def _library() -> Renderer:
    """The library where this program's own packages are, not in the working directory, which may be anyone's."""
    from importlib.metadata import distributions

    working = Path.cwd()
    places = [place for place in sys.path if place and Path(place) != working]
    for distribution in distributions(name=SDK, path=places):
        return Renderer("sdk", distribution.version, str(distribution.locate_file("")))
    return NONE
