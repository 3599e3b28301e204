"""The search page: any address gives a page, whatever somebody put into it."""
