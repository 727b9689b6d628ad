"""netpol-lint: a static analyser of Kubernetes NetworkPolicies."""

__version__ = "0.1.0"
