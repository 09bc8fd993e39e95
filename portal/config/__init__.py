"""Configuration: one module per settings group, read once from the environment; knows no database and no Flask."""
