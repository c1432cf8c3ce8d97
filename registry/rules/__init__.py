"""Check rules of the data standard (§7) and derived values, as pure functions over a card held in memory."""
