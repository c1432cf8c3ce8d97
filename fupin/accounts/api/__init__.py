"""How departments' programs come in: tokens, doors, pages, errors."""
