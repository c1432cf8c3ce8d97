"""A prefix search that PostgreSQL may run before the row policies, by index.

`^@` is leakproof, LIKE is not: behind a policy LIKE reads every row (docs/scale.md).
"""

from typing import Any

from django.db.models import CharField, Lookup, TextField


@CharField.register_lookup
@TextField.register_lookup
class Prefix(Lookup):
    """``name__prefix="王"``: begins with, as ``name ^@ '王'``; a text_pattern_ops index serves it."""

    lookup_name = "prefix"
    prepare_rhs = True

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the comparison with its parameters."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} ^@ {right}", (*left_params, *right_params)
