"""Decisions of the preference centre: what can be switched, which language a page speaks. Reads no database."""
