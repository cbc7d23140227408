# measuring.bash - what the `measure` scripts of the apps have in common: servers that end with the script, and the time that
# questions take. To be sourced. Needs curl.
# shellcheck shell=bash disable=SC2034
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  echo "measure: $*" >&2
  exit 2
}

# use BUILD-DIRECTORY APP…: takes the command and these plug-ins from there.
use() {
  local app
  build=$1
  csgi=$build/bin/csgi
  shift
  [ -x "$csgi" ] || fail "there is no $csgi; build it first: ./dev build"
  for app in "$@"; do [ -e "$build/apps/$app.so" ] || fail "there is no $build/apps/$app.so; build it first: ./dev build"; done
}

servers=()
places=$(mktemp -d)     # for files; gone with the script
end() {
  [ ${#servers[@]} -eq 0 ] || kill -TERM "${servers[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$places"
}
trap end EXIT
trap 'exit 130' INT TERM

# start APP SERVER WORDS…: serves it on a free port, and leaves its address in $url.
start() {
  local app=$1 server=$2 line='' said
  shift 2
  said=$(mktemp -p "$places")
  setpriv --pdeathsig TERM timeout 300 "$csgi" serve "$build/apps/$app.so" --server "$server" --port 0 --no-access-log "$@" >"$said" &
  servers+=($!)
  for _ in {1..100}; do
    read -r line <"$said" || true
    [ -z "$line" ] || break
    sleep 0.1
  done
  [[ $line =~ ^(http://[^:]+:[0-9]+) ]] || fail "$app does not start on $server"
  url=${BASH_REMATCH[1]}
}

# ask URL WANTED CURL-OPTIONS…: how many microseconds the answer takes, which has to be a success, and to match the pattern WANTED.
# As many lines as the URL stands for, for curl has http://…?[1-5] stand for five; on one connection, unless told otherwise.
ask() {
  local url=$1 wanted=$2 bodies=$places/answer-$BASHPID times body
  shift 2
  times=$(curl -sS --no-progress-meter --fail --max-time 60 -o "$bodies-#1" -w '%{time_total}\n' "$@" "$url") || fail "$url is not answered"
  for body in "$bodies"-*; do
    # shellcheck disable=SC2053
    [[ $(<"$body") == $wanted ]] || fail "$url is answered: $(<"$body")"
  done
  sed 's/\.//; s/^0*\(.\)/\1/' <<<"$times"
}

# The median of the numbers on standard input.
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

# hundredths NUMBER: as a number with two digits behind the point.
hundredths() { printf '%d.%02d' $(($1 / 100)) $(($1 % 100)); }
