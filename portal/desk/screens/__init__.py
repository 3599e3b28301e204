"""Data for the desk's screens: gathered from the packages below, without a rule of their own."""
