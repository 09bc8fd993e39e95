"""The people who use the portal: accounts, roles, sign-in, second factor, sessions."""
