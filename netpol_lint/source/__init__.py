"""Files on disk turned into YAML trees whose every node knows its exact place."""
