"""The web floor every page stands on: permissions, forms, htmx, errors, slots; knows no feature."""
