"""Settings, one module per integration; `demo`, `test` and `production` are the three ways to run the portal."""
