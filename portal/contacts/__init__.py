"""Contact cards: a function one can write to, never a person."""
