"""Data subjects' requests, legal holds, retention and proof."""
