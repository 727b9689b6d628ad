"""Rules about traffic that the manifests need and the policies block (NP5xx)."""
