/** Who speaks next on a line: in the order they came, except that what a person waits for goes first. */

export interface Turns {
  /** Resolves when it is this one's turn. `leave` gives the line to the next, or gives up waiting. */
  take(urgent: boolean): { readonly mine: Promise<void>; leave(): void }
  readonly waiting: number
}

export function createTurns(): Turns {
  type Place = { readonly urgent: boolean; readonly start: () => void }
  const queue: Place[] = []
  let speaking: Place | null = null

  const next = () => {
    speaking = queue.shift() ?? null
    speaking?.start()
  }
  return {
    take(urgent) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const place: Place = { urgent, start: resolve }
      const behind = urgent ? queue.findIndex((other) => !other.urgent) : -1
      if (behind < 0) queue.push(place)
      else queue.splice(behind, 0, place)
      if (!speaking) next()
      return {
        mine: promise,
        leave() {
          if (speaking === place) return next()
          const at = queue.indexOf(place)
          if (at >= 0) queue.splice(at, 1)
        },
      }
    },
    get waiting() {
      return queue.length
    },
  }
}
