"""Wiring: settings, addresses, entry points. No decisions."""
