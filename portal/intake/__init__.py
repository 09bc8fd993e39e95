"""Incoming calls and webhooks of other systems."""
