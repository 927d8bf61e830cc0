import { createRequire } from 'node:module'
import type { Result } from '@doorstep/core'

/** The part of WebRTC the mesh uses. `@roamhq/wrtc` has it; so does a browser. */
export interface RtcChannel {
  readonly label: string
  readonly readyState: string
  binaryType: string
  readonly bufferedAmount: number
  onopen: (() => void) | null
  onmessage: ((event: { data: ArrayBuffer | string }) => void) | null
  onclose: (() => void) | null
  onerror: ((event: unknown) => void) | null
  send(data: Uint8Array): void
  close(): void
}

export interface RtcConnection {
  readonly localDescription: { readonly sdp: string } | null
  readonly remoteDescription: { readonly sdp: string } | null
  ondatachannel: ((event: { channel: RtcChannel }) => void) | null
  createDataChannel(label: string, init: { negotiated: boolean; id: number; ordered: boolean }): RtcChannel
  setRemoteDescription(description: unknown): Promise<void>
  close(): void
}

export interface RtcLibrary {
  RTCPeerConnection: new (config: unknown) => RtcConnection
  RTCSessionDescription: unknown
  RTCIceCandidate: unknown
}

export type RtcUnavailable = { readonly type: 'webrtc-unavailable'; readonly detail: string }

/** Loads the native WebRTC library on first use. `detail` is the loader's own message. */
export function loadRtc(): Result<RtcLibrary, RtcUnavailable> {
  try {
    return { ok: true, value: createRequire(import.meta.url)('@roamhq/wrtc') as RtcLibrary }
  } catch (error) {
    return {
      ok: false,
      problem: { type: 'webrtc-unavailable', detail: error instanceof Error ? error.message : String(error) },
    }
  }
}
