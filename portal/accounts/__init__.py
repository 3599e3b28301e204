"""Users, their login and the `Principal`; results of persons live elsewhere."""
