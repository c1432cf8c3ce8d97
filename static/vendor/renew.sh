#!/bin/sh
# Renew the front-end files of others from the packages pinned in requirements.lock, and print what VENDOR.md has to say about them.
# Run from the project's root after the lock file has changed: static/vendor/renew.sh
set -eu

python=.venv/bin/python
source=$("$python" -c 'import django_htmx, pathlib; print(pathlib.Path(django_htmx.__file__).parent / "static/django_htmx")')

cp "$source/htmx-2.min.js" static/vendor/htmx.min.js

version=$(grep -o 'version:"[0-9.]*"' static/vendor/htmx.min.js | head -n 1 | cut -d '"' -f 2)
package=$("$python" -c 'from importlib.metadata import version; print(version("django-htmx"))')
echo "htmx $version, from django-htmx $package"
sha256sum static/vendor/htmx.min.js
echo "Now look at what changed, run the browser journeys, and write version and hash into static/vendor/VENDOR.md."
