"""What is fine and what is not: states, thresholds, words. Pure; asks no server."""
