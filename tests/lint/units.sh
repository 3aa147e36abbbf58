#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The shipped units are valid and hardened: `systemd-analyze verify` says nothing at all (it exits 0
# on unknown keys, so any output counts), the exposure is at most 1.5, and sysusers.d and tmpfiles.d
# can be read. Works on a copy in which the binary exists.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
units=$here/../../systemd
threshold=15 # tenths
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

complain() {
  echo "units.sh: $1" >&2
  failed=1
}

for tool in systemd-analyze systemd-sysusers systemd-tmpfiles; do
  command -v "$tool" > /dev/null || { complain "$tool is missing: apt-get install systemd"; exit 1; }
done

for unit in "$units"/*.service; do
  name=$(basename "$unit")
  copy=$scratch/$name
  sed 's#^\(Exec[A-Za-z]*=\)/usr/bin/vinnyd\( .*\)\{0,1\}$#\1/bin/true#' "$unit" > "$copy"
  if cmp -s "$unit" "$copy"; then complain "$name: ExecStart is not /usr/bin/vinnyd"; fi

  if ! systemd-analyze verify --man=no "$copy" > "$scratch/said" 2>&1 || [ -s "$scratch/said" ]; then
    complain "$name: systemd-analyze verify: $(cat "$scratch/said")"
  fi
  if ! systemd-analyze security --no-pager --offline=true --threshold=$threshold "$copy" \
    > "$scratch/score" 2> "$scratch/said"; then
    complain "$name: exposed beyond $threshold tenths: $(tail -n 1 "$scratch/score")"
  fi
  if [ -s "$scratch/said" ]; then
    complain "$name: systemd-analyze security: $(cat "$scratch/said")"
  fi
  tail -n 1 "$scratch/score"
done

mkdir -p "$scratch/root/etc" "$scratch/root/usr/lib"
if ! systemd-sysusers --root="$scratch/root" "$units"/sysusers/vinny.conf > "$scratch/said" 2>&1; then
  complain "sysusers/vinny.conf: $(cat "$scratch/said")"
fi
grep -q '^vinny:' "$scratch/root/etc/passwd" || complain "sysusers/vinny.conf makes no user vinny"
if ! systemd-tmpfiles --root="$scratch/root" --create "$units"/tmpfiles/vinny.conf \
  > "$scratch/said" 2>&1 || [ -s "$scratch/said" ]; then
  complain "tmpfiles/vinny.conf: $(cat "$scratch/said")"
fi

exit $failed
