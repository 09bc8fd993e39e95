"""What speaks to providers, against stand-ins on this machine."""
