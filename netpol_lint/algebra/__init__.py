"""Pure sets: label selectors, ports, address blocks, bitsets. Knows neither YAML nor Kubernetes objects."""
