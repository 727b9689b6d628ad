"""Test files run: each against the manifests it names, which are loaded once however many files name them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from netpol_lint.cluster.units import Unit
from netpol_lint.config import Settings
from netpol_lint.connectivity import assertions
from netpol_lint.connectivity.assertions import Tested
from netpol_lint.connectivity.network import Network
from netpol_lint.engine import networks
from netpol_lint.engine.inputs import Inputs, from_paths
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import Notification
from netpol_lint.source import discovery
from netpol_lint.source.assertion_file import SUFFIX, AssertionFile, read_assertions
from netpol_lint.source.fields import mistake
from netpol_lint.source.files import File, Trouble, read_file
from netpol_lint.source.limits import limits_from


def run_tests(
    paths: Sequence[str], settings: Settings, *, manifests: Sequence[str] = ()
) -> tuple[Tested, tuple[Notification, ...]]:
    """What comes of the test files at and below the paths, and warnings about the manifests.

    `manifests` are those of files that name none; without them, what is in the directory of the file. NetpolLintError
    if there is no test file, or one of them is wrong.
    """
    files = tuple(_read(file, settings) for file in find_files(paths, settings))
    if not files:
        raise NetpolLintError(f"there is no *{SUFFIX} at or below {', '.join(paths)}")
    loaded = _Loaded(settings, tuple(manifests))
    results = tuple(result for file in files for result in assertions.check(file, loaded.network(file)))
    return Tested(results, len(files)), loaded.warnings()


def find_files(paths: Sequence[str], settings: Settings) -> tuple[File, ...]:
    """The test files: those that are named, whatever their name, and in a directory every `*.netpol-test.yaml`."""
    named = [path for path in paths if not os.path.isdir(path)]  # noqa: PTH112
    below = [path for path in paths if os.path.isdir(path)]  # noqa: PTH112
    files = set(discovery.discover(named, fixtures=frozenset()).files)
    found = discovery.discover(below, exclude=settings.exclude, fixtures=frozenset(), base=settings.base)
    files.update(file for file in found.files if file.path.endswith(SUFFIX))
    return tuple(sorted(files))


def _read(file: File, settings: Settings) -> AssertionFile:
    data = read_file(file, limits_from(settings.limits))
    if isinstance(data, Trouble):
        raise NetpolLintError(data.message, path=file.path)
    return read_assertions(data, file.path)


@dataclass(slots=True)
class _Loaded:
    """The manifests read so far, and the networks made of them."""

    settings: Settings
    default: tuple[str, ...]
    inputs: dict[tuple[str, ...], Inputs] = field(default_factory=dict)
    networks: dict[tuple[object, ...], Network] = field(default_factory=dict)

    def network(self, file: AssertionFile) -> Network:
        """The network a test file is about, which knows the file's namespaces."""
        paths = self._paths(file)
        namespaces = tuple((name, tuple(labels.items())) for name, labels in file.namespaces.items())
        key = (paths, file.unit, namespaces)
        if key not in self.networks:
            settings = networks.with_namespaces(self.settings, ((name, dict(labels)) for name, labels in namespaces))
            self.networks[key] = networks.network_of(_unit(self._inputs(paths, file), file), settings)
        return self.networks[key]

    def _paths(self, file: AssertionFile) -> tuple[str, ...]:
        directory = os.path.dirname(file.path)  # noqa: PTH120
        if not file.manifests:
            return self.default or (directory or ".",)
        written = (os.path.normpath(os.path.join(directory, path)) for path, _ in file.manifests)  # noqa: PTH118
        return tuple(sorted(written))

    def _inputs(self, paths: tuple[str, ...], file: AssertionFile) -> Inputs:
        if paths not in self.inputs:
            for written, at in file.manifests:
                target = os.path.normpath(os.path.join(os.path.dirname(file.path), written))  # noqa: PTH118, PTH120
                if not _exists(target):
                    raise mistake(f"there is no file or directory {written!r} beside the test file", at)
            self.inputs[paths] = from_paths(self.settings._replace(paths=paths))
        return self.inputs[paths]

    def warnings(self) -> tuple[Notification, ...]:
        """What there is to be said about the manifests, each once."""
        return tuple(dict.fromkeys(one for inputs in self.inputs.values() for one in networks.warnings(inputs)))


def _exists(path: str) -> bool:
    try:
        return os.path.exists(path)  # noqa: PTH110
    except ValueError:  # a NUL in it
        return False


def _unit(inputs: Inputs, file: AssertionFile) -> Unit:
    at = file.unit_at
    try:
        units = networks.units_of(inputs, file.unit)
    except NetpolLintError as wrong:
        raise mistake(wrong.message, at) from wrong
    if len(units) > 1:
        names = ", ".join(unit.name for unit in units)
        raise NetpolLintError(f"the manifests hold several deployment units, say `unit`: {names}", path=file.path)
    return units[0]
