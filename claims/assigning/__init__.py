"""Who works on what: by hand and by rule."""
