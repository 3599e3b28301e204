"""The composition: settings, addresses, headers."""
