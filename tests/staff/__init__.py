"""Tests of staff: accounts, the door, second factor, sessions."""
