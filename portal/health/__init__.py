"""Home page, what needs attention, probes and the state of every part."""
