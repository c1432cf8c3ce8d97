#!/bin/bash
# Runs once, when the database volume is empty: the logins of docs/operations.md with the passwords of .env.
# The owner is no superuser: the row policies and the append-only history hold for whoever works here.
set -euo pipefail

psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
  --set=owner="$FUPIN_OWNER_PASSWORD" --set=web="$FUPIN_WEB_PASSWORD" --set=worker="$FUPIN_WORKER_PASSWORD" \
  --set=ent="$FUPIN_ENT_PASSWORD" --set=stats="$FUPIN_STATS_PASSWORD" --set=audit="$FUPIN_AUDIT_PASSWORD" \
  --set=backup="$FUPIN_BACKUP_PASSWORD" <<'SQL'
CREATE ROLE fupin_owner  LOGIN CREATEROLE CREATEDB BYPASSRLS PASSWORD :'owner';
CREATE ROLE fupin_web    LOGIN PASSWORD :'web';
CREATE ROLE fupin_worker LOGIN PASSWORD :'worker';
CREATE ROLE fupin_ent    LOGIN PASSWORD :'ent';
CREATE ROLE fupin_stats  LOGIN PASSWORD :'stats';
CREATE ROLE fupin_audit  LOGIN PASSWORD :'audit';
CREATE ROLE fupin_backup LOGIN BYPASSRLS PASSWORD :'backup';
CREATE DATABASE fupin OWNER fupin_owner;
SQL
