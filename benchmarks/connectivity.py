"""What all-pairs reachability costs as clusters grow: seeded clusters with label distributions like real ones.

python benchmarks/connectivity.py                 1k, 10k and 100k workloads, each in a process of its own
python benchmarks/connectivity.py 10000 2000      one size, in this process
python benchmarks/connectivity.py --write DIR 1000 200    the same cluster as manifests, for other tools
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from clusters import Generated
from generated import write

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.units import FileObjects
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.reach import Reach
from netpol_lint.resources.decode import decode
from netpol_lint.resources.metadata import Label, Metadata, ObjectRef
from netpol_lint.resources.workload import Workload
from netpol_lint.source.documents import Document, read_documents
from netpol_lint.source.location import Location, Span

SIZES = ((1_000, 200), (10_000, 500), (10_000, 2_000), (30_000, 5_000), (100_000, 10_000))
NOWHERE = Location("generated.yaml", Span(1, 1, 1, 2))


def cluster_of(generated: Generated) -> Cluster:
    """As objects: policies decoded from their manifests, workloads made directly."""
    objects = FileObjects("generated.yaml")
    for manifest in generated.policies:
        for document in read_documents(json.dumps(manifest).encode(), "generated.yaml"):
            assert isinstance(document, Document)
            objects.add(decode(document))
    workloads = tuple(
        Workload(
            Metadata(ObjectRef("apps", "Deployment", namespace, f"w-{number}"), "apps/v1", NOWHERE, True),
            tuple(Label(key, value, NOWHERE, NOWHERE) for key, value in labels.items()),
            (),
            False,
            NOWHERE,
        )
        for number, (namespace, labels) in enumerate(generated.pods)
    )
    return Cluster(
        "generated",
        workloads=workloads,
        policies=tuple(objects.policies),
        extra_namespaces={name: generated.namespace_labels(name) for name in generated.namespaces},
    )


def resident() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(workloads: int, policies: int) -> None:
    """Print what one size costs."""
    generated = Generated(workloads, policies)
    cluster = cluster_of(generated)
    sum(len(w.labels) for w in cluster.workloads)
    before, start = resident(), time.process_time()
    reach = Reach(Network.of(cluster))
    classes = time.process_time()
    reach.prepare()
    rows_done = time.process_time()
    entries = sum(len(source.reached) for source in reach.all())
    end = time.process_time()
    print(
        f"{workloads:>8,} x {policies:>6,}: {end - start:7.2f} s  (classes {classes - start:.2f}, rows "
        f"{rows_done - classes:.2f}, reach {end - rows_done:.2f}); {reach.classes.count:,} classes, "
        f"{entries:,} entries; +{resident() - before:.0f} MB, {resident():.0f} MB in all"
    )


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--write"]:
        write(Path(arguments[1]), Generated(int(arguments[2]), int(arguments[3])).files())
    elif arguments:
        measure(int(arguments[0]), int(arguments[1]))
    else:
        for workloads, policies in SIZES:
            subprocess.run([sys.executable, __file__, str(workloads), str(policies)], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
