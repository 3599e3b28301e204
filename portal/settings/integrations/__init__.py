"""One module per integration: what belongs together is read, switched off and deleted together."""
