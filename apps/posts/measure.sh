#!/usr/bin/env bash
# What a profile takes: `apps/posts/measure.sh [DATABASE…]`, after `./dev build`. Needs wrk (Debian: wrk) and curl. Without arguments
# an SQLite file is measured; with the URL of a PostgreSQL database, that: it gets the tables of the blog.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
csgi=build/release/bin/csgi
place=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$place"' EXIT

# measure SERVER DATABASE: the requests of a second, and how long the median one and the slowest in a hundred take.
measure() {
  local name=$1 database=$2 kind=sqlite url result
  [[ $database != postgres* ]] || kind=postgres
  rm -f "$place/out"
  "$csgi" serve posts --server "$name" --port 0 --no-access-log --log-level error -- --database "$database" >"$place/out" &
  server=$!
  until [ -s "$place/out" ]; do kill -0 "$server"; done
  url=$(cut -d' ' -f1 "$place/out")
  for title in One Two Three; do
    curl -s -o "$place/answer" "$url/posts" --data-binary \
      "{\"author\": \"ada\", \"title\": \"$title\", \"text\": \"Some text\", \"pictures\": [\"/a.png\", \"/b.png\"]}"
  done
  result=$(wrk -t1 -c8 -d5 --latency "$url/profiles/ada")
  kill "$server"
  wait "$server"
  server=
  printf '%-10s %-10s %10s/s  50%%: %s  99%%: %s\n' "$name" "$kind" \
    "$(awk '/Requests\/sec/ {print $2}' <<<"$result")" "$(awk '/ 50%/ {print $2}' <<<"$result")" "$(awk '/ 99%/ {print $2}' <<<"$result")"
}

[ $# -gt 0 ] || set -- "$place/posts.db"
for database in "$@"; do
  for name in threaded evented; do measure "$name" "$database"; done
done
