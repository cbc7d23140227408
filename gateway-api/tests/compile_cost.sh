#!/usr/bin/env bash
# What <csgi/app.hpp> costs to compile at -O0, beside the bare standard headers that it includes: best of five each, as
# CPU time. No test, since a time is no fact. ./compile_cost.sh [COMPILER]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../include"
compiler=${1:-c++}
temporary=$(mktemp -d)
trap 'rm -r "$temporary"' EXIT
export CCACHE_DISABLE=1

echo '#include <csgi/app.hpp>' >"$temporary/app.cpp"
# shellcheck disable=SC2046  # a list of file names
cat $("$compiler" -std=c++20 -I. -MM "$temporary/app.cpp" | tr ' ' '\n' | grep '^csgi/') |
  grep -o '^#include <[a-z_/.]*>' | grep -v '<csgi/' | sort -u >"$temporary/bare.cpp"

# once NAME: the CPU time of one, in milliseconds.
once() {
  { TIMEFORMAT='%3U %3S'; time "$compiler" -std=c++20 -O0 -I. -c "$temporary/$1.cpp" -o "$temporary/$1.o"; } 2>&1 |
    awk '{ printf "%d", ($1 + $2) * 1000 }'
}

bare='' app=''
for i in 1 2 3 4 5; do      # in turns, so that what else the machine does meets both
  took=$(once bare) && { [ "${bare:-$took}" -lt "$took" ] || bare=$took; }
  took=$(once app) && { [ "${app:-$took}" -lt "$took" ] || app=$took; }
done
awk -v b="$bare" -v a="$app" -v n="$(wc -l <"$temporary/bare.cpp")" \
  'BEGIN { printf "%d standard headers: %d ms; csgi/app.hpp: %d ms; ratio %.2f\n", n, b, a, a / b }'
