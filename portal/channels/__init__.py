"""Adapters that speak to providers: plain values in, outcomes out; no database, no Flask."""
