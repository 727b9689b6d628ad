"""Files to be read, what may be wrong with them, and their bytes."""

from __future__ import annotations

import os
import stat
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.source.limits import Limits

_STEP: Final = 32 * 1024
_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO without a writer would block
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class File(NamedTuple):
    """A file to be read."""

    path: str
    """As reports show it: posix, relative to the working directory where it lies below it."""
    location: str
    """Where the operating system finds it."""
    size: int
    """Bytes, when it was found."""


class Trouble(NamedTuple):
    """A file or directory that is not analysed, and why: reports say so, and the run goes on."""

    path: str
    message: str


NOT_REGULAR: Final = "not a regular file, so it is not read"


def read_file(file: File, limits: Limits) -> bytes | Trouble:
    """The bytes of a file; trouble if it is gone, may not be read, is too large, or no file at all."""
    try:
        descriptor = os.open(file.location, _FLAGS)
    except OSError as error:
        return Trouble(file.path, reason(error))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Trouble(file.path, NOT_REGULAR)
        if status.st_size > limits.file:
            return too_large(file.path, limits)
        return _content(file.path, descriptor, status.st_size, limits)
    except OSError as error:
        return Trouble(file.path, reason(error))
    finally:
        os.close(descriptor)


def _content(path: str, descriptor: int, size: int, limits: Limits) -> bytes | Trouble:
    """What is there, should the file have grown since, up to the limit."""
    data = os.read(descriptor, _STEP)
    if len(data) == size < _STEP:
        return data
    parts, length = [data], len(data)
    while data and length <= limits.file:
        data = os.read(descriptor, _STEP)
        parts.append(data)
        length += len(data)
    return b"".join(parts) if length <= limits.file else too_large(path, limits)


def too_large(path: str, limits: Limits) -> Trouble:
    """A file beyond the limit."""
    return Trouble(path, f"larger than {limits.file} bytes, so it is not read")


def reason(error: OSError) -> str:
    """The operating system's words, as a message goes on with them."""
    words = error.strerror or str(error)
    return words[:1].lower() + words[1:]
