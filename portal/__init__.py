"""The site: its ground, its organisations and people, its general pages and the screens that gather from everybody."""
