"""Settings that staff change while the portal runs: typed, with history, audit and locks by the environment."""
