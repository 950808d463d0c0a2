"""Check any implementation of the contract; nothing else in reference imports this."""
