"""Embedded servers and the supervisor behind make run; standard library only."""
