/** A signal that Ctrl-C or a polite kill aborts, for work that stops in good order; until it is disposed of. */
export function abortWhenInterrupted(): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController()
  const abort = () => controller.abort()
  process.on('SIGINT', abort)
  process.on('SIGTERM', abort)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.off('SIGINT', abort)
      process.off('SIGTERM', abort)
    },
  }
}
