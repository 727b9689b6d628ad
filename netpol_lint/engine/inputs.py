"""What a run looks at: paths, standard input, texts or a git revision, read and decoded."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from netpol_lint.cluster import loading
from netpol_lint.cluster.loading import Reading
from netpol_lint.cluster.units import FileObjects, Unit
from netpol_lint.config import Settings
from netpol_lint.engine.deploying import NO_SOURCES, Sources, units_of
from netpol_lint.engine.joining import common_directory
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import Notification
from netpol_lint.records import NamedTuple
from netpol_lint.render.plan.areas import holds_examples
from netpol_lint.resources.decode import operators
from netpol_lint.source import discovery
from netpol_lint.source.files import Trouble, read_file
from netpol_lint.source.limits import Limits, limits_from
from netpol_lint.source.location import Location, Span

STDIN = discovery.STDIN


class Inputs(NamedTuple):
    """What a run looks at, decoded."""

    files: tuple[FileObjects, ...]
    """Those in which there is something for us, by path."""
    content: Callable[[str], bytes]
    """The bytes of an analysed file by its path; b"" when they cannot be read any more."""
    read: int
    """How many files were read."""
    notifications: tuple[Notification, ...] = ()
    fixtures: int = 0
    """Files left out as test data."""
    units: tuple[Unit, ...] = ()
    """What is deployed together, by name."""
    sources: Sources = NO_SOURCES


def from_paths(settings: Settings, *, stdin: bytes = b"") -> Inputs:
    """The manifests below `settings.paths`; NetpolLintError if one of them does not exist."""
    found = _discovered(settings)
    limits = limits_from(settings.limits)
    loaded = loading.load(found.files, _reading(settings), jobs=settings.jobs)
    places = {file.path: file for file in found.files}

    def content(path: str) -> bytes:
        data = read_file(places[path], limits) if path in places else b""
        return b"" if isinstance(data, Trouble) else data

    troubles = tuple(_notification(trouble) for trouble in (*found.troubles, *loaded.troubles))
    inputs = Inputs(loaded.files, content, loaded.read, troubles, found.fixtures)
    if STDIN in settings.paths:
        inputs = _with_stdin(inputs, settings, stdin, limits)
    given = {settings.stdin_filename: stdin} if STDIN in settings.paths else {}
    paths = tuple(sorted((*places, *given)))
    sources = Sources(paths, _asked(settings), _base(settings), given, examples=_examples(settings))
    return deployed(inputs._replace(sources=sources), settings)


def from_texts(
    texts: Mapping[str, bytes],
    settings: Settings,
    *,
    asked: tuple[str, ...] = (".",),
    examples: frozenset[str] = frozenset(),
) -> Inputs:
    """Files given by their content, at or below the paths `asked` for, some of which hold nothing but examples."""
    files = tuple(objects_of(content, path, settings) for path, content in sorted(texts.items()))
    sources = Sources(tuple(sorted(texts)), asked, common_directory(asked), texts, on_disk=False, examples=examples)
    inputs = Inputs(files, lambda path: texts.get(path, b""), len(files), sources=sources)
    return deployed(inputs, settings)


def deployed(inputs: Inputs, settings: Settings) -> Inputs:
    """The inputs with their units."""
    reading, files = _reading(settings), inputs.files
    if any(root.reads_files for file in files for root in file.roots):
        from netpol_lint.engine.application_sets import generated  # few trees have any

        files = generated(files, inputs.sources, reading.limits)
    units = units_of(files, inputs.sources, settings, reading, inputs.content)
    return inputs._replace(files=files, units=units)


def from_revision(revision: str, settings: Settings) -> Inputs:
    """The same paths as they were in a git revision; NetpolLintError if there is no such revision."""
    from netpol_lint.source.revisions import files_at

    largest = limits_from(settings.limits).file
    texts = files_at(revision, lambda path: is_asked_for(path, settings), largest=largest)
    asked = tuple(sorted({discovery.shown(path) for path in settings.paths}))
    return from_texts(texts, settings, asked=asked, examples=_examples(settings))


def objects_of(content: bytes, path: str, settings: Settings) -> FileObjects:
    """What one file holds, decoded."""
    return loading.objects_of(content, path, _reading(settings))


def paths_of(settings: Settings) -> tuple[str, ...]:
    """The paths of the files that a run would read."""
    return tuple(file.path for file in _discovered(settings).files)


def is_asked_for(path: str, settings: Settings) -> bool:
    """Whether a run reads a file of this path, or would if it were there."""
    return discovery.is_asked_for(
        path, settings.paths, exclude=settings.exclude, fixtures=_fixtures(settings), base=settings.base
    )


def _discovered(settings: Settings) -> discovery.Discovered:
    return discovery.discover(
        settings.paths, exclude=settings.exclude, fixtures=_fixtures(settings), base=settings.base
    )


def _asked(settings: Settings) -> tuple[str, ...]:
    """The directories among the paths, as reports show them."""
    directories = (path for path in settings.paths if path != STDIN and os.path.isdir(path))  # noqa: PTH112
    return tuple(sorted({discovery.shown(path) for path in directories}))


def _examples(settings: Settings) -> frozenset[str]:
    """Those of the paths that lead to examples, by the directory's own name. That of a checkout is anyone's choice."""
    named = (path for path in settings.paths if path != STDIN and holds_examples(os.path.abspath(path)))  # noqa: PTH100
    return frozenset(discovery.shown(path) for path in named if not os.path.exists(os.path.join(path, ".git")))  # noqa: PTH110, PTH118


def _base(settings: Settings) -> str:
    """The directory that holds all paths."""
    shown = [(path, discovery.shown(path)) for path in settings.paths if path != STDIN]
    return common_directory(
        name if os.path.isdir(path) else os.path.dirname(name)  # noqa: PTH112, PTH120
        for path, name in shown
    )


def _fixtures(settings: Settings) -> frozenset[str]:
    return discovery.FIXTURES if isinstance(settings.fixtures, str) else frozenset(settings.fixtures)


def _reading(settings: Settings) -> Reading:
    added = operators.makers(settings.operators)
    return Reading(settings.namespace, limits_from(settings.limits), settings.prefilter, added)


def _with_stdin(inputs: Inputs, settings: Settings, stdin: bytes, limits: Limits) -> Inputs:
    name = settings.stdin_filename
    if any(file.path == name for file in inputs.files):
        raise NetpolLintError("standard input has the name of a file that is analysed too", path=name)
    own = objects_of(stdin, name, settings)
    files = tuple(sorted((*inputs.files, own), key=lambda file: file.path))
    before = inputs.content
    return Inputs(
        files,
        lambda path: stdin if path == name else before(path),
        inputs.read + (len(stdin) <= limits.file),
        inputs.notifications,
        inputs.fixtures,
    )


def _notification(trouble: Trouble) -> Notification:
    if not trouble.path:
        return Notification("warning", trouble.message)
    return Notification("warning", trouble.message, Location(trouble.path, Span(1, 1, 1, 1)))
