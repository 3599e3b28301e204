"""What the tests share: the database image, services, the browser, and runners."""
