"""How the files of a tree belong together: overlays and charts as the documents they stand for, with their lines."""
