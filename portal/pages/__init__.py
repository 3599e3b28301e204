"""Home page, standard pages, articles, projects and publications."""
