"""Pure decisions of the audit log: what is sealed, what is hidden, when a chain is broken."""
