"""Figures about sending, consent and requests, rolled up."""
