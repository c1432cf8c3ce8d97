#!/usr/bin/env python
"""Django's command line. Whoever works at the console works as the owner of the tables, unless FUPIN_LOGIN says otherwise."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fupin.settings.base")
    os.environ.setdefault("FUPIN_LOGIN", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
