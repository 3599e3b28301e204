"""What a manager sees: her units with their people, and a person as far as she may know her."""
