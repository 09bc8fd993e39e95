"""Public pages for the people written to: preference centre and unsubscribe."""
