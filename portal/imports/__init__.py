"""Clients and consents brought in from files."""
