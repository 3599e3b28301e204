"""Planning meetings: series of dates, and the questions of the sign-up form."""
