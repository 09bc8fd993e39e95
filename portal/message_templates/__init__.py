"""Texts for clients, with their versions, checks and approvals."""
