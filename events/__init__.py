"""After-work meetings, theme days and webinars."""
