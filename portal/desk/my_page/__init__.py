"""My page: what is mine, who can see what, who has looked, and my data to take along or erase."""
