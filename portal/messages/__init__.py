"""Messages to clients: the outbox, the pump that sends them, attempts and receipts."""
