"""What a municipality's coordinators look after: people, units, invitations, imports, embed keys and settings."""
