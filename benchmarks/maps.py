"""netpol-lint map beside other analysers that list all connections, on the same clusters; do they say the same?

python benchmarks/maps.py                    100, 1,000 and 10,000 workloads
python benchmarks/maps.py --sizes 100        a minute

Peers are looked for on PATH and beside this Python; those not found are left out and named. Namespaces, workloads and
policies are generated (clusters.py). Compared is what both define: which ports each workload may reach on each other
workload, and on which IPv4 addresses. What a workload sends itself, and IPv6, not all of them list. No policy has the
block 0.0.0.0/0, which the peers read as the outside alone, and netpol-lint as every address, those of pods among them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any, NamedTuple

from clusters import Generated
from generated import write
from measuring import aside, in_turn, run, table
from peers import found

OURS = (sys.executable, "-m", "netpol_lint", "map", "--isolated")
EVERYTHING = frozenset((protocol, 1, 65535) for protocol in ("TCP", "UDP", "SCTP"))
Ports = frozenset[tuple[str, int, int]]
Connections = dict[tuple[str, str], list[tuple[int, int, Ports]]]
"""By source and destination, where "" is the outside: the ports, for each range of outside addresses."""


class Analyser(NamedTuple):
    """A program, how it lists the connections of the current directory, and how its list is read."""

    programs: tuple[str, ...]
    options: tuple[str, ...]
    read: Callable[[str], Iterator[tuple[str, str, str]]]
    """Source, destination and connections, in its own words."""


def _of_json(text: str) -> Iterator[tuple[str, str, str]]:
    for line in json.loads(text):
        yield line["src"], line["dst"], line["conn"]


def _of_lines(text: str) -> Iterator[tuple[str, str, str]]:
    for line in text.splitlines():
        if found_parts := re.fullmatch(r"(\S+) => (\S+) : (.*)", line):
            yield found_parts[1], found_parts[2], found_parts[3]


PEERS = {
    "netpol-analyzer": Analyser(
        ("netpol-analyzer", "netpolicy", "k8snetpolicy"),
        ("list", "--quiet", "--output", "json", "--dirpath", "."),
        _of_json,
    ),
    "network-config-analyzer": Analyser(
        ("nca",),
        ("--connectivity=.", "--ns_list=.", "--pod_list=.", "--output_format=txt_no_fw_rules", "--return_0"),
        _of_lines,
    ),
}


def ours(text: str) -> Connections:
    """The connections of netpol-lint's JSON."""
    [unit] = json.loads(text)["units"]
    names, blocks = {}, {}
    for endpoint in unit["endpoints"]:
        if endpoint["kind"] == "CIDR":
            blocks[endpoint["id"]] = [IPv4Network(block) for block in endpoint["blocks"] if ":" not in block]
        else:
            names[endpoint["id"]] = f"{endpoint['namespace']}/{endpoint['name']}[{endpoint['kind']}]"
    connections: Connections = {}
    for one in unit["connections"]:
        pair = names.get(one["from"], ""), names.get(one["to"], "")
        ports = _ports(one["ports"])
        ranges = blocks.get(one["from"]) or blocks.get(one["to"]) or [IPv4Network("0.0.0.0/0")]
        found_ranges = ((int(block[0]), int(block[-1]), ports) for block in ranges)
        connections.setdefault(pair, []).extend(one_range for one_range in found_ranges if ports)
    return joined(connections)


def _ports(written: Any) -> Ports:
    if written == "all":
        return EVERYTHING
    return frozenset((item["protocol"], item["from"], item["to"]) for item in written)


def theirs(lines: Iterator[tuple[str, str, str]]) -> Connections:
    """The connections of a peer: several lines on a pair are one connection."""
    merged: dict[tuple[str, str], Ports] = {}
    for source, destination, said in lines:
        merged[source, destination] = merged.get((source, destination), frozenset()) | ports_said(said)
    connections: Connections = {}
    for ends, ports in merged.items():
        first, last = next((_range(end) for end in ends if "/" not in end), (0, 2**32 - 1))
        pair = (ends[0] if "/" in ends[0] else "", ends[1] if "/" in ends[1] else "")
        connections.setdefault(pair, []).append((first, last, ports))
    return joined(connections)


def _range(addresses: str) -> tuple[int, int]:
    first, _, last = addresses.partition("-")
    return int(IPv4Address(first)), int(IPv4Address(last or first))


def ports_said(said: str) -> Ports:
    """Of `All connections`, `TCP 80,443,UDP 53` or `{protocols:TCP,dst_ports:80,1000-2000}`."""
    if said.lower() == "all connections":
        return EVERYTHING
    ports: set[tuple[str, int, int]] = set()
    protocols: list[str] = []
    for word in re.findall(r"[A-Z]+|\d+(?:-\d+)?", said.replace("protocols:", "").replace("dst_ports:", "")):
        if word.isalpha():
            protocols.append(word)
            ports.add((word, 1, 65535))
        else:
            first, _, last = word.partition("-")
            ports.discard((protocols[-1], 1, 65535))
            ports.add((protocols[-1], int(first), int(last or first)))
    return frozenset(ports)


def joined(connections: Mapping[tuple[str, str], list[tuple[int, int, Ports]]]) -> Connections:
    """Without what a workload sends itself; neighbouring ranges of addresses with the same ports are one."""
    result: Connections = {}
    for pair, ranges in connections.items():
        if ranges and pair[0] != pair[1]:
            kept: list[tuple[int, int, Ports]] = []
            for first, last, ports in sorted(ranges, key=lambda one: one[:2]):
                if kept and kept[-1][1] + 1 == first and kept[-1][2] == ports:
                    kept[-1] = (kept[-1][0], last, ports)
                else:
                    kept.append((first, last, ports))
            result[pair] = kept
    return result


def write_cluster(directory: Path, size: int) -> None:
    """What is mapped: five workloads to a policy, fifty to a namespace on average."""
    write(directory, Generated(size, size // 5, everywhere="172.16.0.0/12").files())


def compare(directory: Path, where: Mapping[str, str], limit: float) -> Iterator[str]:
    """A line for each peer: on how many pairs it agrees."""
    report = directory.with_suffix(".out")
    run([*OURS, "--format", "json", "."], directory, output=report)
    own = ours(report.read_text())
    for name, program in where.items():
        done = run([program, *PEERS[name].options], directory, limit=limit, output=report)
        if done.code:
            yield f"- {name}: not compared, exit code {done.code}"
            continue
        other = theirs(PEERS[name].read(report.read_text()))
        differing = sorted(pair for pair in own.keys() | other.keys() if own.get(pair) != other.get(pair))
        yield f"- {name}: {len(own.keys() | other.keys()):,} pairs with connections, {len(differing):,} differ"
        for pair in differing[:5]:
            yield f"  - {' => '.join(end or 'outside' for end in pair)}: {own.get(pair)} here, {other.get(pair)} there"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100,1000,10000", help="workloads; default: %(default)s")
    parser.add_argument("--runs", type=int, default=3, help="counted runs of each program; default: %(default)s")
    parser.add_argument("--limit", type=float, default=300, help="seconds after which a run is stopped")
    wanted = parser.parse_args()
    where = {name: next(filter(None, map(found, peer.programs)), "") for name, peer in PEERS.items()}
    for name in [name for name, program in where.items() if not program]:
        print(f"- {name}: not found, left out")
        del where[name]
    print()
    commands = {"netpol-lint map": [*OURS, "."], "netpol-lint map --format csv": [*OURS, "--format", "csv", "."]}
    commands |= {name: [program, *PEERS[name].options] for name, program in where.items()}
    ended: dict[int, dict[str, str]] = {}
    for size in map(int, wanted.sizes.split(",")):
        with tempfile.TemporaryDirectory() as parent:
            directory = Path(parent) / "manifests"
            aside(write_cluster, directory, size)
            done = in_turn(commands, directory, runs=wanted.runs, limit=wanted.limit)
        print(table(f"{size:,} workloads, {size // 5:,} policies", done), flush=True)
        ended[size] = {name: program for name, program in where.items() if done[name][-1].code == 0}
    # After all measuring: what is read here makes this process large, and what it starts is charged with that.
    for size, programs in ended.items():
        if programs:
            with tempfile.TemporaryDirectory() as parent:
                print(f"{size:,} workloads:")
                directory = Path(parent) / "manifests"
                write_cluster(directory, size)
                print("\n".join(compare(directory, programs, wanted.limit)), flush=True)


if __name__ == "__main__":
    main()
