"""What people ask about their data: so far, that their requests are received."""
