"""The config file to start from: every setting with its default, commented out."""

from __future__ import annotations

from typing import Final

_SCHEMA: Final = "https://raw.githubusercontent.com/netpol-lint/netpol-lint/main/netpol_lint/schemas/config.schema.json"


def template() -> str:
    """A commented .netpol-lint.yaml that means the same as none."""
    return f"# yaml-language-server: $schema={_SCHEMA}\n{_TEXT}"


_TEXT: Final = """\
# Configuration of netpol-lint. Every line below shows a setting; take the `#` away to change it.
# Paths and globs are relative to this file. `netpol-lint schema config` prints the schema,
# `netpol-lint rule --all` the rules.

# Which rules run: ids, names, prefixes such as NP1, or ALL.
# select: [ALL]
# extend-select: []
# ignore: []

# The least severity that makes the exit code 1 (error, warning, note or never), and the least that is shown.
# fail-on: warning
# min-severity: note

# Severities other than a rule's own, and options of rules, by id or name.
# severity:
#   missing-default-deny: error
# options:
#   unmatched-pod-selector: {whole-cluster: true}

# Rules that are off for some files.
# per-path:
#   - paths: ["legacy/**"]
#     ignore: [NP2]

# What is analysed, what is left out, and directories that hold test data.
# paths: [.]
# exclude: ["vendor/**"]
# fixtures: [testdata, e2e]

# Findings that are already known: netpol-lint baseline -o netpol-baseline.json
# baseline: netpol-baseline.json

# Namespaces that no manifest declares.
# namespaces:
#   monitoring: {labels: {team: ops}}

# What Kubernetes leaves to the network plugin, and what the manifests do not show.
# assume:
#   host-network: node
#   ip-blocks-select-pods: true
#   kubernetes: "1.36"
#   pod-ranges: [10.244.0.0/16]
#   service-ranges: [10.96.0.0/12]
#   plugin: calico
"""
