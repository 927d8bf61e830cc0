/** A signaling server by itself: `node signaling-main.ts [host] [port]`, by default 127.0.0.1:4444. Prints its URL. */
import { openSignalingServer } from './signaling-server.ts'

const [host = '127.0.0.1', port = '4444'] = process.argv.slice(2)
const opened = await openSignalingServer({ host, port: Number(port) })
if (opened.ok) {
  process.stdout.write(`${opened.value.url}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void opened.value.close().then(() => process.exit(0)))
} else {
  process.stderr.write(`${JSON.stringify(opened.problem)}\n`)
  process.exitCode = 1
}
