"""Proof that a person holds an address: double opt-in and identity codes."""
