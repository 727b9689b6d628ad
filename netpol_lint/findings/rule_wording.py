"""How messages say what one rule of a policy admits: which pods, to or from whom, on which ports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netpol_lint.findings.wording import listed, port_text, workload_text
from netpol_lint.resources.policy import EveryPort, IPBlock, Rule
from netpol_lint.resources.workload import Workload


def ports_text(rule: Rule) -> str:
    """`TCP 80 and UDP 53`, `every port`."""
    return "every port" if isinstance(rule.ports, EveryPort) else listed([port_text(entry) for entry in rule.ports])


def pods_text(pods: Sequence[Workload]) -> str:
    """`Deployment web and Pod db`; `the pods it selects` where none is known."""
    return listed([workload_text(workload) for workload in pods]) or "the pods it selects"


def blocks_text(blocks: Iterable[IPBlock]) -> str:
    """`every IPv4 address except 10.0.0.0/8 and every IPv6 address`, `64.0.0.0/2`."""
    return listed([_block_text(block) for block in blocks])


def _block_text(block: IPBlock) -> str:
    everything = not block.cidr.prefixlen
    addresses = f"every IPv{block.cidr.version} address" if everything else f"every address of {block.cidr}"
    exceptions = listed([str(network) for network, _ in block.exceptions])
    return f"{addresses} except {exceptions}" if exceptions else addresses
