/** What a broker hands over, whichever it is, and what takes it. */

export type Retained = 'no' | 'kept' | 'repeated'

export type MqttMessage = {
  readonly topic: string
  readonly payload: Uint8Array
  /**
   * Nobody knows how old it is: the broker had `kept` it, or its sender gave it again (`repeated`) when it came back.
   * `no`: it is of now.
   */
  readonly retained: Retained
  /** When it arrived, milliseconds since 1970. */
  readonly atMs: number
}

/** Resolves when it may be acknowledged; until then the broker keeps it, or its sender waits. */
export type Consumer = (message: MqttMessage) => Promise<void>
