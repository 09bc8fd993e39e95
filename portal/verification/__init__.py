"""Proves that somebody holds a telephone number, by a code that is sent there and typed in here."""
