#!/bin/sh
# Install those of the Debian packages named that are missing: requirements/packages.sh PACKAGE …
# The lists that apt fetches for it are not kept.
set -eu
missing=
for package; do
  dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q ' installed$' ||
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "Installing$missing"
lists=$(mktemp -d)
trap 'rm -rf "$lists"' EXIT
chmod 755 "$lists"
apt() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dir::State::Lists="$lists" "$@"; }
apt update
apt install --yes --no-install-recommends $missing
