"""Editorial workflows: what a page must pass before it goes live. On Wagtail's Workflow, Task and their states."""
