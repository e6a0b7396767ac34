"""Constraints and keys of single tables, in one set of expressions; the pandera schemas made from them."""
