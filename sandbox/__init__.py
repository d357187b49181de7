"""A practice upstream: stateful, over real HTTP, deterministic by its seed. It imports nothing of the portal."""
