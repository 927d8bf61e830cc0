#!/bin/sh
# 从 U 盘安装或升级敲门网关,不需要网络。· Installs or upgrades a Doorstep gateway from a stick, without a network.
#
#   sh install.sh              安装或升级 · install or upgrade
#   sh install.sh --back       回到上一版 · back to the version before
#   PREFIX=/somewhere sh install.sh   装到别处 · install elsewhere
#
# 只动 /opt/doorstep 和 /usr/local/bin/doorstep;工作站文件夹、配置、密钥都不动。
# Touches /opt/doorstep and /usr/local/bin/doorstep alone; home, configuration and key stay as they are.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${PREFIX:-}
app=$prefix/opt/doorstep
bin=$prefix/usr/local/bin
service=doorstep-gateway

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# One rename: whoever starts the command meanwhile finds the old or the new version, whole.
point() {
  ln -sfn "$1" "$app/current.new"
  mv -T "$app/current.new" "$app/current"
}
restart() {
  [ -z "$prefix" ] && command -v systemctl >/dev/null 2>&1 && systemctl is-active --quiet $service || return 0
  systemctl restart $service
  say "服务已重启 · the service was restarted: systemctl status $service"
}

if [ "${1:-}" = --back ]; then
  before=$(cat "$app/before" 2>/dev/null) || fail "没有上一版可回 · there is no version before this one: $app"
  [ -d "$app/releases/$before" ] || fail "上一版不在了 · the version before is gone: $app/releases/$before"
  now=$(basename "$(readlink "$app/current")")
  point "releases/$before"
  printf '%s\n' "$now" > "$app/before"
  restart
  say "已回到 · back at $before"
  exit 0
fi

system=$(uname -s | tr '[:upper:]' '[:lower:]')
case $(uname -m) in
  x86_64 | amd64) machine=x64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) machine=$(uname -m) ;;
esac
archive=$(ls "$here"/doorstep-*-"$system-$machine".tar.gz 2>/dev/null | sort -V | tail -n 1)
[ -n "$archive" ] || fail "U 盘上没有给这种机器的版本 · the stick has no version for this machine: $system-$machine"
( cd "$here" && sha256sum -c "$(basename "$archive").sha256" >/dev/null ) ||
  fail "文件损坏,没有安装 · the file is damaged, nothing was installed: $archive"
release=$(basename "$archive" .tar.gz)

mkdir -p "$app/releases" "$bin"
if [ ! -d "$app/releases/$release" ]; then
  rm -rf "$app/releases/.$release.part"
  mkdir "$app/releases/.$release.part"
  tar -xzf "$archive" -C "$app/releases/.$release.part" --strip-components=1 --no-same-owner
  sync
  mv "$app/releases/.$release.part" "$app/releases/$release"
fi
node=$app/releases/$release/bin/node
[ -x "$node" ] || node=node
if ! "$node" "$app/releases/$release/node_modules/@doorstep/cli/dist/main.js" --version >/dev/null; then
  [ "$release" = "$(readlink "$app/current" 2>/dev/null | xargs -r basename)" ] || rm -rf "$app/releases/$release"
  fail "这一版在这台机器上跑不起来(需要 Node 24.7 以上),没有换上 · this version does not run here (Node 24.7 or later is needed); it is not in use"
fi

now=$(readlink "$app/current" 2>/dev/null | xargs -r basename)
# Before a running gateway is upgraded it is backed up: going back may need the store as it was.
config=$prefix/etc/doorstep/gateway.yaml
if [ -n "$now" ] && [ "$now" != "$release" ] && [ -f "$config" ]; then
  backup=$prefix/var/backups/doorstep-before-$release.tar
  mkdir -p "$prefix/var/backups"
  if [ -e "$backup" ]; then say "已有备份 · there is a backup already: $backup"
  else
    "$bin/doorstep" gateway backup "$backup" --config "$config" >&2 ||
      fail "备份没有做成,没有升级 · the backup failed, nothing was upgraded"
  fi
fi
cat > "$bin/doorstep.new" <<WRAPPER
#!/bin/sh
node=$app/current/bin/node
[ -x "\$node" ] || node=node
export DOORSTEP_COMMAND=$bin/doorstep
exec "\$node" $app/current/node_modules/@doorstep/cli/dist/main.js "\$@"
WRAPPER
chmod 755 "$bin/doorstep.new"
mv "$bin/doorstep.new" "$bin/doorstep"
point "releases/$release"
if [ -n "$now" ] && [ "$now" != "$release" ]; then printf '%s\n' "$now" > "$app/before"; fi
restart
say "装好了 · installed: $release"
if [ -z "$now" ]; then say "接着 · next: doorstep gateway install"; fi
