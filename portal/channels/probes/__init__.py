"""Asks a provider whether our credentials work, without writing to anybody. Texts of providers never leave here."""
