"""Lists of units and memberships on their way in and out: a file is read, planned, looked at and carried out."""
