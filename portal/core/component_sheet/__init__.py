"""The component sheet: every component with when to use it and a sample, for editors and developers."""
