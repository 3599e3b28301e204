"""Groups at meetings: a coordinator or a manager signs up several people, and looks after their places."""
