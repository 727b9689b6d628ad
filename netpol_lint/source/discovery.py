"""Which files below the given paths are manifests: what git would list, or a sorted walk where there is no git."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from typing import Final

from netpol_lint.errors import NetpolLintError
from netpol_lint.records import NamedTuple
from netpol_lint.source import git
from netpol_lint.source.files import NOT_REGULAR, File, Trouble, reason
from netpol_lint.source.globs import matches

FIXTURES: Final = frozenset(
    ("test", "tests", "testdata", "e2e", "fixtures", "__snapshots__", "archive", ".archive", "kodata")
)
"""Directories of this name hold test data, which no cluster runs."""
STDIN: Final = "-"
_SKIPPED: Final = frozenset(
    (
        *(".git", ".hg", ".svn", ".terraform", ".terragrunt-cache", ".tox", ".venv"),
        *("__pycache__", "node_modules", "vendor"),
    )
)
"""Other people's files, and nobody's."""
_EXTENSIONS: Final = (".yaml", ".yml", ".json")


class Discovered(NamedTuple):
    """The files to read, each once, by path; what is wrong with others; and how many were left out as test data."""

    files: tuple[File, ...]
    troubles: tuple[Trouble, ...]
    fixtures: int


def discover(
    paths: Sequence[str], *, exclude: Sequence[str] = (), fixtures: frozenset[str] = FIXTURES, base: str = ""
) -> Discovered:
    """Every manifest at or below the paths; NetpolLintError if one of them does not exist.

    A file that is named is read whatever its name. In a directory those count that end in .yaml, .yml or .json, that
    git does not ignore, that match none of the globs `exclude`, and that do not lie in a directory below it whose name
    is one of the `fixtures`. Globs are relative to `base` and as in .gitignore, without `!` (`globs.matches`).
    Symbolic links to files of the same directory tree stand for these; other links are not followed.
    """
    search = _Search(tuple(exclude), base, fixtures)
    for path in paths:
        if path != STDIN:
            search.look_at(path)
    return Discovered(
        tuple(sorted(search.files.values())), tuple(sorted(set(search.troubles))), len(search.fixture_files)
    )


def is_asked_for(
    path: str, paths: Sequence[str], *, exclude: Sequence[str] = (), fixtures: frozenset[str] = FIXTURES, base: str = ""
) -> bool:
    """Whether `discover` would read a file of this path (as reports show it), were it there."""
    if any(path == os.path.normpath(asked).replace(os.sep, "/") for asked in paths):
        return True
    if not _is_manifest(path):
        return False
    search = _Search(tuple(exclude), base, fixtures)
    for asked in paths:
        root = search.shown(asked, os.path.realpath(asked))
        below = "" if root == "." else f"{root.rstrip('/')}/"
        if asked != STDIN and path.startswith(below) and not search.is_left_out(path, path.removeprefix(below)):
            return True
    return False


def shown(path: str) -> str:
    """A path as reports show it."""
    return _Search((), "", frozenset()).shown(path, os.path.realpath(path))


class _Search:
    def __init__(self, exclude: tuple[str, ...], base: str, fixtures: frozenset[str]) -> None:
        self._exclude = exclude
        self._base = base
        self._fixtures = fixtures
        self._here = os.path.realpath(os.curdir)
        self.files: dict[str, File] = {}
        self.troubles: list[Trouble] = []
        self._fixtures_seen: set[str] = set()

    @property
    def fixture_files(self) -> set[str]:
        """Test data that no path names."""
        return self._fixtures_seen - self.files.keys()

    def look_at(self, path: str) -> None:
        """One path of the command line."""
        try:
            status = os.stat(path)
            real = os.path.realpath(path)
        except (OSError, ValueError) as error:
            words = reason(error) if isinstance(error, OSError) else "no path can hold a null character"
            raise NetpolLintError(words, path=_printable(path)) from error
        shown = self.shown(path, real)
        if stat.S_ISDIR(status.st_mode):
            _Tree(self, real, shown).search()
        elif stat.S_ISREG(status.st_mode):
            self._add(shown, real, status.st_size)
        else:
            self.troubles.append(Trouble(_printable(shown), NOT_REGULAR))

    def shown(self, path: str, real: str) -> str:
        """A path as reports show it."""
        below = f"{self._here.rstrip(os.sep)}{os.sep}"
        shown = "." if real == self._here else real[len(below) :] if real.startswith(below) else os.path.normpath(path)
        return shown.replace(os.sep, "/")

    def take(self, shown: str, name: str, location: str, size: int) -> None:
        """A manifest of a tree; `name` is its path from the root of the tree."""
        *directories, _ = name.split("/")
        if not _SKIPPED.isdisjoint(directories) or self._is_excluded(shown):
            return
        if not self._fixtures.isdisjoint(directories):
            self._fixtures_seen.add(location)
            return
        self._add(shown, location, size)

    def is_left_out(self, shown: str, name: str) -> bool:
        """Whether nothing is to be said about a file: it is skipped, excluded or test data."""
        directories = name.split("/")[:-1]
        known = _SKIPPED | self._fixtures
        return not known.isdisjoint(directories) or self._is_excluded(shown)

    def _is_excluded(self, shown: str) -> bool:
        if not self._exclude:
            return False
        path = os.path.relpath(shown, self._base).replace(os.sep, "/") if self._base else shown
        return matches(path, self._exclude)

    def _add(self, shown: str, location: str, size: int) -> None:
        if _printable(shown) != shown:
            self.troubles.append(Trouble(_printable(shown), "the path is not UTF-8 text, so it is not read"))
        else:
            self.files.setdefault(location, File(shown, location, size))


class _Tree:
    """One directory of the command line, with everything below it."""

    def __init__(self, search: _Search, root: str, shown: str) -> None:
        self._search = search
        self._root = root
        self._shown_root = shown
        self._real: dict[str, bool] = {"": True}

    def search(self) -> None:
        """Hand the manifests to the search."""
        pending = [""]
        while pending:
            directory = pending.pop()
            listed = git.listing(self._at(directory))
            if listed is git.NO_REPOSITORY:
                for name in self._walk(directory):
                    self._look_at(name)
                continue
            self._warn(directory, listed.warnings)
            prefix = f"{directory}/" if directory else ""
            for inner in listed.names:
                name = prefix + inner.rstrip("/")
                if not self._is_real(os.path.dirname(name)):
                    continue  # a directory that git knows has become a link
                if _is_manifest(name):
                    self._look_at(name)
                elif (listed.has_submodules or inner.endswith("/")) and self._is_directory(name):
                    pending.append(name)

    def _warn(self, directory: str, warnings: Sequence[str]) -> None:
        self._search.troubles += [Trouble(self._shown(directory), f"git says: {line}") for line in warnings]

    def _walk(self, start: str) -> Iterator[str]:
        """The manifests and links below a directory, without git."""
        stack = [start]
        while stack:
            directory = stack.pop()
            try:
                with os.scandir(self._at(directory)) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                self._search.troubles.append(Trouble(self._shown(directory), reason(error)))
                continue
            prefix = f"{directory}/" if directory else ""
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _SKIPPED:
                        stack.append(prefix + entry.name)
                elif _is_manifest(entry.name):
                    yield prefix + entry.name

    def _look_at(self, name: str) -> None:
        location, shown = self._at(name), self._shown(name)
        try:
            status = os.lstat(location)
        except FileNotFoundError:
            return  # deleted, and git does not know yet
        except OSError as error:
            self._search.troubles.append(Trouble(_printable(shown), reason(error)))
            return
        if stat.S_ISREG(status.st_mode):
            self._search.take(shown, name, location, status.st_size)
        elif not stat.S_ISDIR(status.st_mode) and not self._search.is_left_out(shown, name):
            trouble = self._follow(location) if stat.S_ISLNK(status.st_mode) else NOT_REGULAR
            if trouble:
                self._search.troubles.append(Trouble(_printable(shown), trouble))

    def _follow(self, link: str) -> str:
        """Take the file a link leads to, unless it lies elsewhere; what is wrong with the link, else ""."""
        try:
            target = os.path.realpath(link, strict=True)
            status = os.stat(target)
        except FileNotFoundError:
            return "a symbolic link that leads nowhere"
        except OSError as error:
            return reason(error)
        below = f"{self._root.rstrip(os.sep)}{os.sep}"
        if not target.startswith(below):
            return "a symbolic link that leads out of the scanned tree, so it is not followed"
        if stat.S_ISREG(status.st_mode):
            name = target[len(below) :].replace(os.sep, "/")
            self._search.take(self._shown(name), name, target, status.st_size)
        return ""

    def _is_real(self, directory: str) -> bool:
        """Whether no part of the path below the root is a link."""
        known = self._real.get(directory)
        if known is None:
            known = self._is_real(os.path.dirname(directory)) and not os.path.islink(self._at(directory))
            self._real[directory] = known
        return known

    def _is_directory(self, name: str) -> bool:
        location = self._at(name)
        return os.path.isdir(location) and not os.path.islink(location)

    def _at(self, name: str) -> str:
        return f"{self._root.rstrip(os.sep)}{os.sep}{name}" if name else self._root

    def _shown(self, name: str) -> str:
        if self._shown_root == ".":
            return name or "."
        return f"{self._shown_root.rstrip('/')}/{name}" if name else self._shown_root


def _is_manifest(name: str) -> bool:
    return name.lower().endswith(_EXTENSIONS)


def _printable(path: str) -> str:
    """A path that may hold bytes that are no UTF-8, with these spelt out."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
