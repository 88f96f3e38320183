#!/bin/sh
# Servers the real tests talk to: nginx as the proxy in front, and a Bluesky server. Missing ones are named, and their
# tests say so.
set -eu

nginx_is_here() {
  command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ]
}

install_nginx() {
  command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || return 1
  echo "Installing nginx for the proxy tests ..."
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light; } >/dev/null 2>&1
}

nginx_is_here || install_nginx || echo "nginx is not here and cannot be installed by this script: the proxy tests are skipped. Install it with 'apt install nginx-light' or 'brew install nginx'."

.venv/bin/python -m tests.real.pds.install
