"""CIDR text as the API server reads it: the legacy parser (netutils.ParseCIDRSloppy) and what the strict one refuses.

The legacy parser clears host bits, takes leading zeros as decimal, and reads an IPv4-mapped block as IPv4.
"""

from __future__ import annotations

from typing import TypeAlias

from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Network

_DIGITS = frozenset("0123456789")
_HEX = frozenset("0123456789abcdefABCDEF")


class Block(NamedTuple):
    """A block of addresses: what the legacy parser makes of a text, and why the strict one refuses it."""

    version: int
    """4 or 6, after an IPv4-mapped block became IPv4."""
    base: int
    """The first address."""
    prefix: int
    """Of that family."""
    written_prefix: int
    """As written: of an IPv4-mapped block 96 more than `prefix`. The subset test of `except` compares these."""
    strict_reason: str
    """Why IsValidCIDR refuses it, "" if it does not."""

    @property
    def width(self) -> int:
        return 32 if self.version == 4 else 128

    def contains(self, other: Block) -> bool:
        """Whether the first address of `other` is inside; never across families (net.IPNet.Contains)."""
        if self.version != other.version:
            return False
        shift = self.width - self.prefix
        return self.base >> shift == other.base >> shift

    def excepts(self, other: Block) -> bool:
        """Whether `other` may stand in `except`: inside, with a longer prefix (ValidateIPBlock)."""
        return self.contains(other) and self.written_prefix < other.written_prefix

    @property
    def network(self) -> Network:
        from ipaddress import IPv4Network, IPv6Network  # 3 ms that only a policy with an ipBlock pays

        if self.version == 4:
            return IPv4Network((self.base, self.prefix))
        return IPv6Network((self.base, self.prefix))


class NotCidr(NamedTuple):
    """A text that is no CIDR block to any parser."""

    reason: str


_Address: TypeAlias = tuple[int, int, str]
"""Version, value, and why the strict parser refuses it."""

_NOT_AN_ADDRESS: _Address = (0, 0, "")


def parse_cidr(text: str) -> Block | NotCidr:
    """The block that `text` means to the API server, or why it has no meaning."""
    address, slash, mask = text.partition("/")
    if not slash:
        return NotCidr(_without_prefix(text))
    version, value, strict = _parse_address(address)
    if not version:
        return NotCidr(f'"{text}" is not an address block: "{address}" is no IP address')
    width = 32 if version == 4 else 128
    if not mask or not _DIGITS.issuperset(mask):
        return NotCidr(f'"{text}" is not an address block: the prefix length after "/" must be a number')
    written = int(mask) if len(mask) < 9 else 999
    if written > width:
        return NotCidr(f'"{text}" is not an address block: the prefix length must be at most {width}')
    if mask[0] == "0" and mask != "0":
        strict = strict or "the prefix length has a leading zero"
    base = value >> (width - written) << (width - written)
    prefix = written
    if base != value:
        strict = strict or "it has address bits set beyond the prefix length"
    if version == 6 and base >> 32 == 0xFFFF and written >= 96:
        version, base, prefix = 4, base & 0xFFFFFFFF, written - 96
    return Block(version, base, prefix, written, strict)


def _without_prefix(text: str) -> str:
    version, _, _ = _parse_address(text)
    if version:
        return f'"{text}" is an address, not an address block: a single address is written "{text}/{_width(version)}"'
    return f'"{text}" is not an address block, which looks like 10.9.8.0/24 or 2001:db8::/64'


def _width(version: int) -> int:
    return 32 if version == 4 else 128


def _parse_address(text: str) -> _Address:
    octets = _parse_ipv4(text)
    if octets[0]:
        return octets
    return _parse_ipv6(text)


def _parse_ipv4(text: str) -> _Address:
    parts = text.split(".")
    if len(parts) != 4:
        return _NOT_AN_ADDRESS
    value = 0
    strict = ""
    for part in parts:
        if not part or not _DIGITS.issuperset(part):
            return _NOT_AN_ADDRESS
        digits = part.lstrip("0") or "0"
        if len(digits) > 3 or int(digits) > 255:
            return _NOT_AN_ADDRESS
        if digits != part:
            strict = "the address has leading zeros, which some systems read as octal"
        value = value << 8 | int(digits)
    return 4, value, strict


def _parse_ipv6(text: str) -> _Address:
    head, gap, tail = text.partition("::")
    if "::" in tail or tail.startswith(":"):
        return _NOT_AN_ADDRESS
    front, front_strict = _groups(head)
    back, back_strict = _groups(tail)
    # A dotted quad may only end the address, so not the part before a gap.
    if front is _NO_GROUPS or back is _NO_GROUPS or (gap and "." in head):
        return _NOT_AN_ADDRESS
    missing = 8 - len(front) - len(back)
    if (missing < 1) if gap else (missing != 0):
        return _NOT_AN_ADDRESS
    value = 0
    for group in (*front, *(0,) * missing, *back):
        value = value << 16 | group
    mapped = "it is an IPv4-mapped IPv6 block" if value >> 32 == 0xFFFF else ""
    return 6, value, mapped or front_strict or back_strict


_NO_GROUPS: tuple[int, ...] = (-1,)


def _groups(text: str) -> tuple[tuple[int, ...], str]:
    if not text:
        return (), ""
    values: list[int] = []
    strict = ""
    parts = text.split(":")
    for index, part in enumerate(parts):
        if "." in part and index == len(parts) - 1:
            version, value, strict_quad = _parse_ipv4(part)
            if not version:
                return _NO_GROUPS, ""
            values += (value >> 16, value & 0xFFFF)
            strict = strict or strict_quad
            continue
        digits = part.lstrip("0") or "0"
        if not part or not _HEX.issuperset(part) or len(digits) > 4:
            return _NO_GROUPS, ""
        if len(part) > 4:
            strict = strict or "the address has leading zeros"
        values.append(int(digits, 16))
    return tuple(values), strict
