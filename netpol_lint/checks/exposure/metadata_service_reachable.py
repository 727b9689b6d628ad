"""NP305: pods that may ask the cloud's metadata service for credentials."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.metadata_service import METADATA_ADDRESSES, MetadataOpening, metadata_openings
from netpol_lint.findings import Fix, Problem, Related
from netpol_lint.findings.block_fixes import without_address
from netpol_lint.findings.insertions import together
from netpol_lint.findings.rule_wording import blocks_text, pods_text
from netpol_lint.findings.wording import listed, policy_text, workload_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for opening in metadata_openings(cluster):
        policy, _, blocks, _, at, pods = opening
        related = [Related(f"likewise {block.cidr}", block.at) for block in blocks[1:]]
        related += [Related(f"{workload_text(workload)} reaches it", workload.meta.at) for workload in pods[:10]]
        yield Problem(_message(opening), at, policy.meta.ref, tuple(related), _fix(opening))


def _fix(opening: MetadataOpening) -> Fix:
    """Leaves the service out of every block that has it; a rule for everywhere has none."""
    policy, rule, blocks, *_ = opening
    addresses = [METADATA_ADDRESSES[block.cidr.version] for block in blocks]
    parts = (without_address(policy, rule, block, address) for block, address in zip(blocks, addresses, strict=True))
    return together(parts, f"leave out {listed(dict.fromkeys(addresses))}")


def _message(opening: MetadataOpening) -> str:
    policy, _, blocks, addresses, _, pods = opening
    address = listed(addresses) if blocks else addresses[0]
    way = f"through {blocks_text(blocks)}" if blocks else "as the rule is for every address"
    return (
        f"{policy_text(policy)} lets {pods_text(pods)} reach the cloud's metadata service ({address}) {way}:"
        f" it hands out the credentials of the node"
    )
