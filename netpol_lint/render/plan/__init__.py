"""How the files of a tree belong together: what is rendered with what, for which namespace and cluster."""
