"""Heedful: writes to clients by email, SMS and WhatsApp, sends only what people agreed to, and can prove it."""

__version__ = "0.1.0"
