"""Starts a worker or the ticker; the processes that run jobs."""
