#!/bin/sh
# Starts the kit on Linux and macOS: finds uv or fetches it, installs what is missing, opens the pages.
# "Start workshop.cmd" does the same on Windows.
cd "$(dirname "$0")" || exit 1
export UV_SYSTEM_CERTS=true # the proxy of an office signs with certificates of its own
export WORKSHOP_COMMAND='sh start-workshop.sh' # what people type in place of "workshop"
fetched=.uv/uv
installer=https://astral.sh/uv/0.13.9/install.sh # uv's own: it looks at the sum of what it fetches

stop() {
  [ $# -eq 0 ] || printf '%s\n' "$@" 'Lukt het weer niet? Stuur "Voor de ICT-dienst.txt" en een foto van dit venster naar je ICT-dienst.'
  if [ -t 0 ]; then
    printf 'Druk op Enter om dit venster te sluiten. '
    read -r _
  fi
  exit "${code:-1}"
}

install() { "$uv" sync --no-dev --inexact "$@"; }

works() { "$1" --version >/dev/null 2>&1; }

fetch() {
  mkdir -p .uv || return 1
  if command -v curl >/dev/null; then
    curl -fL -o .uv/install.sh "$installer" || return 1
  else
    wget -O .uv/install.sh "$installer" || return 1
  fi
  UV_UNMANAGED_INSTALL="$PWD/.uv" sh .uv/install.sh || return 1
  rm .uv/install.sh
  works "$fetched"
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
  echo 'Het komt van astral.sh (20 MB), in de map van de kit. Daarna volgen de onderdelen (100 MB), en Python als dat ontbreekt.'
  printf 'Mag dat? Typ j en druk op Enter: '
  read -r answer
  [ "$answer" = j ] || [ "$answer" = J ] || stop 'Er is niets opgehaald. De kit is niet gestart.'
  fetch || stop 'uv ophalen lukte niet. Heb je internet? Probeer het dan nog een keer.'
fi
echo 'De kit kijkt haar onderdelen na. De eerste keer duurt dat een paar minuten.'
[ $# -gt 0 ] || set -- start
if [ "$1" != lab ] || ! install --group students; then # without a network JupyterLab may be there, and pandas not yet
  install || stop 'Installeren lukte niet. Heb je internet? Probeer het dan nog een keer.'
  [ "$1" != lab ] || echo 'JupyterLab start: enkel de oefeningen met pandas hebben eerst een keer internet nodig.'
fi
trap : INT # Ctrl-C stops the kit, not this script
"$uv" run --no-dev --no-sync workshop "$@"
code=$?
# 130: Ctrl-C while it was still starting, or while it checked the room
[ $code -eq 0 ] || [ $code -eq 130 ] || stop 'De kit is gestopt. Hierboven staat waarom.' \
  "Staat er een opdracht met workshop? Open een opdrachtvenster (cmd of terminal) in deze map en typ $WORKSHOP_COMMAND in plaats van workshop."
