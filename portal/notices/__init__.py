"""Mail to staff: alerts and invitations, through a small outbox of their own."""
