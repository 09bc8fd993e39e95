"""What clients decide for themselves, without an account: so far the page behind every unsubscribe link."""
