"""Secrets for providers and the portal's own keys: their versions, age and rotation."""
