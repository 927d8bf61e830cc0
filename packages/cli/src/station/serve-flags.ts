import { DEFAULT_PORT } from '@doorstep/sync'
import { Flags } from '@oclif/core'

/** Flags of every command that lets a station be met. */
export const serveFlags = {
  listen: Flags.string({
    default: `0.0.0.0:${DEFAULT_PORT}`,
    description: '监听 主机:端口 · HOST:PORT to listen on',
  }),
  peer: Flags.string({
    multiple: true,
    description: '也一直呼叫这些地址 · also keep calling these addresses',
  }),
  discover: Flags.boolean({
    default: true,
    allowNo: true,
    description: '在局域网内公布自己 · announce on the LAN',
  }),
  'signaling-listen': Flags.string({
    description: '信令服务监听 主机:端口 · HOST:PORT of our signaling server for the mesh',
  }),
  signaling: Flags.string({
    multiple: true,
    description: '别的信令服务 ws://主机:端口 · other signaling servers',
  }),
}

export type ServeFlags = {
  readonly listen: string
  readonly peer?: readonly string[] | undefined
  readonly discover: boolean
  readonly 'signaling-listen'?: string | undefined
  readonly signaling?: readonly string[] | undefined
}
