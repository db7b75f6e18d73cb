"""People: accounts, sessions, two-factor rules, and the users that the desk itself is."""
