#!/bin/sh
# Servers the real tests talk to: nginx as the proxy in front. Missing ones are named, and their tests say so.
set -eu
command -v nginx >/dev/null 2>&1 && exit 0
[ -x /usr/sbin/nginx ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "Installing nginx for the proxy tests ..."
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light; } >/dev/null 2>&1 && exit 0
fi
echo "nginx is not here and cannot be installed by this script: the proxy tests are skipped. Install it with 'apt install nginx-light' or 'brew install nginx'."
