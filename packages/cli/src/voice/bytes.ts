/** A size for a person: whole KiB below a MiB, else MiB with one digit. */
export const kiloBytes = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
