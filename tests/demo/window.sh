#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The offline demo in the window: window.sh BUILD. Serves the page on loopback for as long as the
# window is open, and offers its link there.
set -euo pipefail
site=$1/tests/demo

exec 3< <(exec "$site/gan-demo-server" "$site")
server=$!
trap 'kill "$server"' EXIT
read -r address <&3

"$1/src/ui/gannet" "${address}rings.html"

# A window that was open already took the link, and leaves nothing here to wait for but the server.
if gdbus call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus \
  --method org.freedesktop.DBus.NameHasOwner io.github.gannet_app.Gannet 2> /dev/null \
  | grep -q true; then
  echo "demo: the window that was open has the link; Ctrl+C ends the demo site"
  wait "$server"
fi
