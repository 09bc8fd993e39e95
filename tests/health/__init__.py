"""Health: what is looked at, what is said about it, and who may ask."""
