"""
A network for processes in namespaces: a TUN device in each, and this process between them, which loses, delays and
slows whole IP packets, each way on its own. It needs no module of the kernel beyond tun, so the same figures hold
wherever it runs.

Hears one JSON document a line:
  {"add": NAMESPACE, "ip": "10.77.0.2"}
  {"link": [FROM, TO], "loss": 0.3, "delayMs": 2000, "bytesPerSecond": 20000, "queueBytes": 65536, "down": false}
  {"stats": true}
Says {"say": "ready"}, {"say": "stats", "links": {"FROM>TO": {"bytes", "packets", "lost", "overflowed", "calls"}}}.
`calls` counts TCP connections opened (SYN without ACK), tries again included once a port.
"""
import ctypes, fcntl, heapq, json, os, random, select, socket, struct, subprocess, sys, time

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
random.seed(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
HOME = os.open("/proc/self/ns/net", os.O_RDONLY)

class Link:
    def __init__(self):
        self.loss, self.delay, self.rate, self.queue, self.down = 0.0, 0.0, 0.0, 1 << 20, False
        self.free = 0.0
        self.stats = {"bytes": 0, "packets": 0, "lost": 0, "overflowed": 0, "calls": 0}
        self.ports = set()

def enter(fd):
    if libc.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")

def tun(namespace, ip):
    there = os.open("/run/netns/" + namespace, os.O_RDONLY)
    enter(there)
    os.close(there)
    try:
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", b"door0", IFF_TUN | IFF_NO_PI))
        for line in (
            "addr add %s/24 broadcast 10.77.0.255 dev door0" % ip,
            "link set lo up",
            "link set door0 mtu 1500 multicast on up",
            "route add 224.0.0.0/4 dev door0",
        ):
            subprocess.run(["ip", *line.split()], check=True)
    finally:
        enter(HOME)
    return fd

tuns, addresses, links, waiting = {}, {}, {}, []
turn = 0

def say(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()

def order(line):
    if "add" in line:
        fd = tun(line["add"], line["ip"])
        tuns[fd], addresses[line["ip"]] = line["ip"], fd
        poll.register(fd, select.POLLIN)
        say({"say": "ready"})
    elif "link" in line:
        link = links.setdefault(tuple(line["link"]), Link())
        link.loss = line.get("loss", 0.0)
        link.delay = line.get("delayMs", 0) / 1000
        link.rate = line.get("bytesPerSecond", 0)
        link.queue = line.get("queueBytes", 1 << 20)
        link.down = line.get("down", False)
    else:
        say({"say": "stats", "links": {"%s>%s" % key: link.stats for key, link in links.items()}})

def forward(source, target, packet, now):
    global turn
    link = links.setdefault((source, target), Link())
    if len(packet) > 34 and packet[9] == 6:
        at = (packet[0] & 15) * 4
        if packet[at + 13] & 0x12 == 0x02:
            port = packet[at : at + 2]
            if port not in link.ports:
                link.ports.add(port)
                link.stats["calls"] += 1
    if link.down or random.random() < link.loss:
        link.stats["lost"] += 1
        return
    leaves = now
    if link.rate:
        start = max(now, link.free)
        if (start - now) * link.rate + len(packet) > link.queue:
            link.stats["overflowed"] += 1
            return
        leaves = link.free = start + len(packet) / link.rate
    link.stats["bytes"] += len(packet)
    link.stats["packets"] += 1
    turn += 1
    heapq.heappush(waiting, (leaves + link.delay, turn, link, target, packet))

poll = select.poll()
poll.register(0, select.POLLIN)
text = b""
while True:
    wait = None if not waiting else max(0, (waiting[0][0] - time.monotonic()) * 1000)
    for fd, event in poll.poll(wait):
        if fd == 0:
            got = os.read(0, 65536)
            if not got:
                sys.exit(0)
            *lines, text = (text + got).split(b"\n")
            for line in lines:
                order(json.loads(line))
            continue
        for _ in range(64):
            try:
                packet = os.read(fd, 65536)
            except BlockingIOError:
                break
            if packet[0] >> 4 != 4:
                continue
            now, target = time.monotonic(), socket.inet_ntoa(packet[16:20])
            everybody = packet[16] >= 224 or target == "10.77.0.255"
            for ip in addresses if everybody else [target]:
                if ip in addresses and ip != tuns[fd]:
                    forward(tuns[fd], ip, packet, now)
    now = time.monotonic()
    while waiting and waiting[0][0] <= now:
        _, _, link, target, packet = heapq.heappop(waiting)
        # What was under way when the cable was pulled is lost with it.
        if not link.down:
            try:
                os.write(addresses[target], packet)
            except OSError:
                pass
