"""Every write about staff: accounts, links, sign-in, second factor, sessions. Nothing here commits."""
