"""Jobs are asked for by the web, carried out by the worker; nobody deletes them."""

from django.db import migrations

from fupin.servers.rls import grant


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("accounts", "0002_grants")]
    operations = [grant("jobs_job", "SELECT, INSERT, UPDATE")]
