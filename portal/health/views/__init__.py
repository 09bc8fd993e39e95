"""The pages of health: home, health, and the two addresses machines ask."""
