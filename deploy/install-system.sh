#!/bin/sh
# Installs what the system lacks, by apt where it may; else names the command to type. Arguments: maven, chromium, venv, faketime, postgresql, prometheus.
set -eu

have() { command -v "$1" >/dev/null 2>&1; }

wanted=""
for part in "$@"; do
  case "$part" in
    maven) have mvn || wanted="$wanted maven" ;;
    venv) wanted="$wanted python3-venv" ;;
    faketime) have faketime || wanted="$wanted faketime" ;;
    postgresql) have initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted="$wanted postgresql" ;;
    prometheus) have prometheus && have amtool || wanted="$wanted prometheus prometheus-alertmanager" ;;
    chromium) have chromium || wanted="$wanted chromium fonts-noto-core" ;;
    *) echo "install-system.sh: không biết phần \"$part\" (maven, chromium, venv, faketime, postgresql, prometheus)" >&2; exit 2 ;;
  esac
done
[ -n "$wanted" ] || exit 0

if have apt-get && [ "$(id -u)" = 0 ]; then
  echo "Cài gói hệ thống:$wanted"
  apt-get update -qq
  # shellcheck disable=SC2086 # one word per package
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
else
  echo "Thiếu gói hệ thống; hãy chạy: sudo apt-get install -y --no-install-recommends$wanted" >&2
  exit 1
fi
