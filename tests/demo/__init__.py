"""Tests of the invented company."""
