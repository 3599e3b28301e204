"""OpenID Connect: one client per tenant."""
