#!/bin/sh
# Prints a .env for docker-compose.yml with secrets drawn anew:  sh docker/secrets.sh fupin.example.gov.cn > .env
set -eu
umask 077
secret() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }
echo "# 正式环境的密码,请妥善保管,勿入版本库 / secrets, keep them out of the repository"
echo "FUPIN_HOSTS=${1:?网站域名 / the host name people will use}"
for name in POSTGRES FUPIN_OWNER FUPIN_WEB FUPIN_WORKER FUPIN_ENT FUPIN_STATS FUPIN_AUDIT FUPIN_BACKUP FUPIN_REDIS; do
  echo "${name}_PASSWORD=$(secret)"
done
