"""Identity providers that really run, each as a process of its own on 127.0.0.1, and that can misbehave on request."""
