/** The systemd unit of a gateway, and the user it runs as. */

export type UnitInput = {
  /** How the command is called: a path, or several words. */
  readonly command: string
  readonly configFile: string
  readonly home: string
  readonly user: string
}

/**
 * `Type=notify` by `systemd-notify`, a program of systemd's own, hence `NotifyAccess=all`. Writable executable memory is
 * the one thing that cannot be forbidden: V8 compiles at run time.
 */
export const unitText = ({ command, configFile, home, user }: UnitInput): string => `[Unit]
Description=Doorstep gateway (敲门网关)
Documentation=https://github.com/doorstep/doorstep
# Works without a network: it waits for none, and tries its lines again by itself.
After=network.target time-sync.target

[Service]
Type=notify
NotifyAccess=all
ExecStart=${command} gateway run --config ${configFile}
ExecReload=/bin/kill -HUP $MAINPID
User=${user}
Group=${user}
# Serial lines.
SupplementaryGroups=dialout
Restart=always
RestartSec=5
# A loop that hangs sends no sign of life.
WatchdogSec=120
TimeoutStartSec=300
TimeoutStopSec=60
KillMode=mixed
UMask=0077
LimitCORE=0
LimitNOFILE=8192

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
ReadWritePaths=${home}
ReadOnlyPaths=${configFile}
PrivateTmp=yes
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
DevicePolicy=closed
DeviceAllow=char-ttyUSB rw
DeviceAllow=char-ttyACM rw
DeviceAllow=char-ttyS rw

[Install]
WantedBy=multi-user.target
`

export const sysusersText = ({ user, home }: Pick<UnitInput, 'user' | 'home'>): string =>
  `u ${user} - "Doorstep gateway" ${home}\nm ${user} dialout\n`
