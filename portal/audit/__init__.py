"""The append-only, chained record of every change and of every look at personal data."""
