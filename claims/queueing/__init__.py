"""The queue over a million claims: orders, filters, views, search, what comes next."""
