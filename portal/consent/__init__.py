"""Topics, the consent ledger and the suppression list."""
