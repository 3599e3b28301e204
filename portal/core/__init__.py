"""The ground every other package stands on; it names no profile, course or meeting."""
