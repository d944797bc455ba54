#!/bin/sh
# A volume may belong to root: it is given to the user `node`, and paperkeep never runs as root.
set -eu
if [ "$(id -u)" = 0 ]; then
  find /data ! -user node -exec chown node:node {} +
  exec su-exec node "$0" "$@"
fi
exec node /opt/paperkeep/paperkeep.js "$@"
