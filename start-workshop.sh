#!/bin/sh
# Starts the kit on Linux and macOS: finds uv or fetches it, installs what is missing, opens the pages.
# "Start workshop.cmd" does the same on Windows. Addresses and sums of uv: https://pypi.org/project/uv/#files
cd "$(dirname "$0")" || exit 1
export UV_SYSTEM_CERTS=true # the proxy of an office signs with certificates of its own
fetched=.uv/uv-0.13.9.data/scripts/uv
packages=https://files.pythonhosted.org/packages

stop() {
  [ $# -eq 0 ] || printf '%s\n' "$@" 'Lukt het weer niet? Stuur "Voor de ICT-dienst.txt" en een foto van dit venster naar je ICT-dienst.'
  if [ -t 0 ]; then
    printf 'Druk op Enter om dit venster te sluiten. '
    read -r _
  fi
  exit "${code:-1}"
}

works() { "$1" --version >/dev/null 2>&1; }

fetch() {
  case "$(uname -sm)" in
    "Darwin arm64")
      wheel=f3/a7/a8d7b074798c7fb3b26b37584b8fe2e29df2ccdc24ce7902caab2a53edbf/uv-0.13.9-py3-none-macosx_11_0_arm64.whl
      sum=66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63 ;;
    "Darwin x86_64")
      wheel=1e/db/08e9ef4879bd667e6d7b4705e594e5bd3e4585f10fc63cb16b9fa2fac63e/uv-0.13.9-py3-none-macosx_10_12_x86_64.whl
      sum=c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5 ;;
    "Linux x86_64")
      wheel=3d/aa/26d64642d808de4a652579ef950d7cd2d37f080a8babf9c67c6b75fc4c3f/uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl
      sum=d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19 ;;
    "Linux aarch64")
      wheel=57/15/94b6cd62ac3ff6550288328e8035288875197cbc183f51554b266a69877b/uv-0.13.9-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl
      sum=5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe ;;
    *) return 1 ;;
  esac
  mkdir -p .uv && cd .uv || return 1
  if command -v curl >/dev/null; then
    curl -fL -o uv.zip "$packages/$wheel" || return 1
  else
    wget -O uv.zip "$packages/$wheel" || return 1
  fi
  if command -v sha256sum >/dev/null; then
    echo "$sum  uv.zip" | sha256sum -c >/dev/null || return 1
  else
    echo "$sum  uv.zip" | shasum -a 256 -c >/dev/null || return 1
  fi
  if command -v unzip >/dev/null; then
    unzip -qo uv.zip || return 1
  else
    python3 -m zipfile -e uv.zip . || return 1
  fi
  rm uv.zip && cd .. && chmod +x "$fetched" && works "$fetched"
}

[ -f pyproject.toml ] || stop \
  'Dit bestand staat alleen: de rest van de kit staat er niet naast.' \
  'Zit het nog in het zip-bestand? Pak dat eerst helemaal uit, en start dan in de nieuwe map.'
if works uv; then
  uv=uv
else
  uv=$fetched
fi
if ! works "$uv"; then
  echo 'De kit heeft uv nodig. Dat programma haalt de onderdelen van de kit op, en het staat nog niet op deze laptop.'
  echo 'Het komt van pypi.org (18 MB), in de map van de kit. Daarna volgen de onderdelen (100 MB), en Python als dat ontbreekt.'
  printf 'Mag dat? Typ j en druk op Enter: '
  read -r answer
  [ "$answer" = j ] || [ "$answer" = J ] || stop 'Er is niets opgehaald. De kit is niet gestart.'
  fetch || stop 'uv ophalen lukte niet. Heb je internet? Probeer het dan nog een keer.'
fi
echo 'De kit kijkt haar onderdelen na. De eerste keer duurt dat een paar minuten.'
[ $# -gt 0 ] || set -- start
extra=
[ "$1" != lab ] || extra='--group students'
# shellcheck disable=SC2086  # two words, or none
"$uv" sync --no-dev --inexact $extra || stop 'Installeren lukte niet. Heb je internet? Probeer het dan nog een keer.'
trap : INT # Ctrl-C stops the kit, not this script
"$uv" run --no-dev --no-sync workshop "$@"
code=$?
[ $code -eq 0 ] || stop 'De kit is gestopt. Hierboven staat waarom.'
