"""Ports as the option `--port` names them."""

from __future__ import annotations

import click

from netpol_lint.algebra.ports import EVERY_PORT, NO_PORT, PortSet, ports
from netpol_lint.errors import NetpolLintError
from netpol_lint.source.asked_ports import PROTOCOLS, AskedPorts, asked_ports


def port_set(texts: tuple[str, ...]) -> PortSet:
    """The ports meant by `8080`, `8000-8010`, `UDP/53` or `UDP`, all of them together; every port without any.

    The protocol is TCP where none is given. BadParameter for anything else.
    """
    if not texts:
        return EVERY_PORT
    found = NO_PORT
    for text in texts:
        asked = _asked(text.strip())
        found |= ports(asked.protocol, asked.first, asked.last)
    return found


def _asked(text: str) -> AskedPorts:
    protocol, slash, port = text.rpartition("/")
    if not slash and text.upper() in PROTOCOLS:
        return asked_ports("", text.upper())
    try:
        asked = asked_ports(port or text, protocol.upper())
    except NetpolLintError as wrong:
        raise click.BadParameter(wrong.message, param_hint="--port") from wrong
    if asked.name:
        raise click.BadParameter(f"{text!r} is not like 8080, 8000-8010, UDP/53 or UDP", param_hint="--port")
    return asked
