"""The invented company that make run shows; loads and removes itself."""
