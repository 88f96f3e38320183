#!/bin/sh
# The tests drive a real Chromium. Install it where that is possible; where not, one sentence says what to do.
set -eu
for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ]; then exit 0; fi
if [ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ]; then exit 0; fi
say="The tests need Chromium: install it with 'apt install chromium' (Debian, Ubuntu) or 'brew install --cask chromium' (macOS), then run make test again."
if command -v apt-get >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ]; then as=""; elif sudo -n true 2>/dev/null; then as="sudo -n"; else echo "$say"; exit 2; fi
  echo "Installing Chromium for the browser tests ..."
  $as apt-get update -qq >/dev/null 2>&1 || true
  for name in chromium-headless-shell chromium; do
    DEBIAN_FRONTEND=noninteractive $as apt-get install -y -qq --no-install-recommends $name fonts-liberation >/dev/null 2>&1 || true
    if command -v $name >/dev/null 2>&1; then exit 0; fi
  done
fi
echo "$say"
exit 2
