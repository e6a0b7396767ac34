"""A module for each publisher whose tables are pinned."""
