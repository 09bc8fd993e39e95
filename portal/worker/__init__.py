"""The processes that do the work: a worker for each queue and the ticker; the top of the tree, imported by nobody."""
