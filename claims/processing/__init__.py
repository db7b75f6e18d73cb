"""Jobs, readings and how they end; the only caller of providers."""
