"""What breaks the constraints, keys and references of tables, in words."""
