"""Ports as people ask for them, in a test file or on the command line: a number, a range, a name, or all."""

from __future__ import annotations

import re
from typing import Final

from netpol_lint.errors import NetpolLintError
from netpol_lint.records import NamedTuple

PROTOCOLS: Final = ("TCP", "UDP", "SCTP")
_HIGHEST: Final = 65535
_NUMBERS: Final = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", re.ASCII)
_NAME: Final = re.compile(r"(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LONGEST_NAME: Final = 15


class AskedPorts(NamedTuple):
    """Which ports a question is about."""

    protocol: str = ""
    """"" for all three."""
    first: int = 1
    last: int = _HIGHEST
    name: str = ""
    """Resolved on the destination, instead of numbers; its protocol is given."""

    def __str__(self) -> str:
        if self.name:
            return f"{self.protocol}/{self.name}"
        if (self.first, self.last) == (1, _HIGHEST):
            return f"every {self.protocol} port" if self.protocol else "every port"
        return f"{self.protocol}/{self.first}" + (f"-{self.last}" if self.last != self.first else "")


def asked_ports(port: object, protocol: str = "") -> AskedPorts:
    """The ports meant by a number, text such as `8000-8010` or `http`, or "" for all of them.

    With a port the protocol defaults to TCP. NetpolLintError if there can be no such port.
    """
    if protocol and protocol not in PROTOCOLS:
        raise NetpolLintError(f"the protocol must be TCP, UDP or SCTP, not {protocol[:60]!r}")
    if port == "":
        return AskedPorts(protocol)
    if isinstance(port, bool) or not isinstance(port, (int, str)):
        raise NetpolLintError("a port is a number, a range such as 8000-8010, or a name")
    numbers = _NUMBERS.fullmatch(str(port)) if not isinstance(port, int) or abs(port) < 10**9 else None
    if numbers:
        first, last = int(numbers[1]), int(numbers[2] or numbers[1])
        if not 1 <= first <= last <= _HIGHEST:
            raise NetpolLintError(f"ports are numbers from 1 to {_HIGHEST}, the lower one first, not {port}")
        return AskedPorts(protocol or "TCP", first, last)
    if isinstance(port, int) or len(port) > _LONGEST_NAME or not _NAME.fullmatch(port):
        raise NetpolLintError(f"{str(port)[:60]!r} is no port: it is a number, a range such as 8000-8010, or a name")
    return AskedPorts(protocol or "TCP", 0, 0, port)
