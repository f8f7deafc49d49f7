#!/bin/sh
# A double click on macOS: all steps are in start-workshop.sh.
here=$(dirname "$0")
if [ -f "$here/start-workshop.sh" ]; then
  exec sh "$here/start-workshop.sh" "$@"
fi
echo 'Dit bestand staat alleen: de rest van de kit staat er niet naast.'
echo 'Zit het nog in het zip-bestand? Pak dat eerst helemaal uit, en start dan in de nieuwe map.'
exit 1
