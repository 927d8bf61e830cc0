/** The little HTTP that a gateway answers: reading, from memory, with nothing to send in. */
import { createServer } from 'node:http'
import { hostname } from 'node:os'
import { fail, ok, type Result } from '@doorstep/core'
import type { HostPort } from './config-values.ts'

export type Answer = { readonly status: number; readonly type: string; readonly body: string }
export type Asked = {
  readonly path: string
  readonly query: URLSearchParams
  readonly acceptLanguage: string
}
export type LocalServer = { readonly host: string; readonly port: number; close(): Promise<void> }

export const plainText = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body,
})

/** Nothing on these pages runs, is framed, is kept, or tells another site where one came from. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  'Cache-Control': 'no-store',
}

const MAX_CONNECTIONS = 64

export async function listen(
  at: HostPort,
  answer: (asked: Asked) => Promise<Answer> | Answer,
): Promise<Result<LocalServer>> {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5000, maxHeaderSize: 8192 },
    (request, response) => {
      const say = ({ status, type, body }: Answer, more: Readonly<Record<string, string>> = {}) => {
        response.writeHead(status, {
          ...HEADERS,
          'Content-Type': type,
          'Content-Length': Buffer.byteLength(body),
          ...more,
        })
        response.end(request.method === 'HEAD' ? undefined : body)
      }
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return say(plainText(405, 'read only\n'), { Allow: 'GET, HEAD', Connection: 'close' })
      // A page elsewhere whose name was made to point here (DNS rebinding) is told nothing.
      if (!isOwnName(request.headers.host ?? '')) return say(plainText(421, 'ask by address\n'))
      const url = URL.parse(request.url ?? '', 'http://here')
      if (url === null) return say(plainText(400, 'bad address\n'))
      const asked = {
        path: url.pathname,
        query: url.searchParams,
        acceptLanguage: request.headers['accept-language'] ?? '',
      }
      Promise.resolve()
        .then(() => answer(asked))
        .then(say, () => say(plainText(500, 'failed\n')))
    },
  )
  server.maxConnections = MAX_CONNECTIONS
  server.keepAliveTimeout = 5000
  const listening = Promise.withResolvers<Result<LocalServer>>()
  server.once('error', (error: NodeJS.ErrnoException) =>
    listening.resolve(fail({ type: 'listen-failed', ...at, code: error.code ?? '' })),
  )
  server.listen(at.port, at.host, () => {
    // What goes wrong with one caller is that caller's.
    server.on('error', () => undefined)
    const bound = server.address()
    const port = typeof bound === 'object' && bound ? bound.port : at.port
    listening.resolve(ok({ host: at.host, port, close }))
  })
  return listening.promise

  function close(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
}

function isOwnName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  return (
    /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name) ||
    /^\[[0-9a-f:.]+\]$/.test(name) ||
    name === 'localhost' ||
    name === hostname().toLowerCase() ||
    name.endsWith('.local')
  )
}
