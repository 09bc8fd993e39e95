"""Sealing personal data: key ring, envelope, sealed columns, blind indexes; knows no feature."""
