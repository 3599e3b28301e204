"""What people see of the editorial workflows, as frozen values for the templates."""
