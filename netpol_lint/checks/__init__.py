"""One pure generator per rule; folders mirror rules/. A check sees one cluster and yields problems."""
