"""A packed chart (`.tgz`) as files: regular ones only, none outside its directory, within limits."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    import tarfile

MOST_FILES: Final = 5_000
MOST_BYTES: Final = 64 * 1024 * 1024
"""Of one chart, unpacked and with all its subcharts. Helm's own limit is 100 MiB."""
_MOST_HEADERS: Final = 10_000


def unpack(data: bytes) -> dict[str, bytes] | str:
    """The files of a packed chart below its directory, or why it is not unpacked.

    Links, devices and names that lead outside are refused, not skipped: Helm's own packages have none.
    """
    import io  # few charts come packed
    import tarfile
    import zlib

    try:
        with tarfile.open(fileobj=cast("IO[bytes]", _Bounded(io.BytesIO(data))), mode="r|") as archive:
            return _files(archive)
    except _TooMuch:
        return f"it unpacks to more than {MOST_BYTES} bytes"
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, OverflowError, UnicodeError):
        return "it is not a gzipped tar archive"


class _TooMuch(Exception):
    """More bytes than the limit allows."""


class _Bounded:
    """What a gzipped stream unpacks to, up to the limit."""

    def __init__(self, packed: IO[bytes]) -> None:
        import gzip

        self._stream = gzip.GzipFile(fileobj=packed, mode="rb")
        self._left = MOST_BYTES

    def read(self, size: int) -> bytes:
        data: bytes = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise _TooMuch
        return data


def _files(archive: tarfile.TarFile) -> dict[str, bytes] | str:
    files: dict[str, bytes] = {}
    for count, (name, is_file, is_directory, content) in enumerate(_members(archive)):
        if count >= _MOST_HEADERS or len(files) > MOST_FILES:
            return f"it holds more than {MOST_FILES} files"
        path = _below(name)
        if not path and is_file:
            return f"it holds {name!a}, which is outside the chart's directory"
        if is_directory:
            continue
        if not is_file:
            return f"it holds {name!a}, which is not a regular file"
        files[path] = content
    if "Chart.yaml" not in files:
        return "it holds no Chart.yaml"
    return files


def _members(archive: tarfile.TarFile) -> Iterator[tuple[str, bool, bool, bytes]]:
    for member in archive:
        if member.type == b"g":  # a global header, as git archive writes
            continue
        extracted = archive.extractfile(member) if member.isreg() else None
        yield member.name, member.isreg(), member.isdir(), extracted.read() if extracted is not None else b""


def _below(name: str) -> str:
    """The path below the archive's one directory; "" if it is not below it."""
    if name.startswith("/") or "\\" in name or not name.isprintable() or ":" in name:
        return ""
    path = posixpath.normpath(name)
    if path.startswith("../") or ".." in path.split("/"):
        return ""
    _, _, rest = path.partition("/")
    return rest
