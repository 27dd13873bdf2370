#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The offline demo: run.sh BUILD FOLDER. Serves the page on loopback, lets gannet-cli find out what
# it leads to, download the best of it into FOLDER and say where it is, then compares the bytes.
set -euo pipefail
site=$1/tests/demo
folder=$2
cli=("$1/src/cli/gannet-cli" --no-config)

exec 3< <(exec "$site/gan-demo-server" "$site")
server=$!
trap 'kill "$server"' EXIT
read -r address <&3

rm -rf "$folder"
mkdir -p "$folder"
"${cli[@]}" info "${address}rings.html"
"${cli[@]}" get -d "$folder" "${address}rings.html"

files=("$folder"/*)
if ((${#files[@]} != 1)) || ! cmp "$site/rings-720p.mp4" "${files[0]}"; then
  echo "demo: this is not the clip that the page shows: ${files[*]}" >&2
  exit 1
fi
echo "demo: every byte is right: ${files[0]}"
