"""Where the shapes of the drawn components stand: pure geometry, no colours (CSS) and no words (templates)."""
