"""What changes about persons: memberships, invitations, accounts."""
