"""The people a company writes to, and their contact points."""
