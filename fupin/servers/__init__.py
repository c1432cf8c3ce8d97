"""The servers that the product brings along: PostgreSQL and Valkey from wheels, and who watches them.

Nothing here imports Django, except the management commands: a supervisor that holds no framework costs little
memory, and the tests' conftest starts its cluster before Django is set up.
"""
