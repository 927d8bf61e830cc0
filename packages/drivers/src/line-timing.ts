/** How long bytes take on a serial line, and how long it must be quiet between them. */

/** Start bit, eight data bits, parity, stop bit: 8E1, what DL/T 645, CJ/T 188 and M-Bus all use. */
export const BITS_PER_BYTE = 11

/** DL/T 645 and CJ/T 188 meters, and most M-Bus ones. */
export const USUAL_BAUD = 2400

/** @returns milliseconds that so many bytes take on the wire */
export const wireMs = (bytes: number, baud: number): number => (bytes * BITS_PER_BYTE * 1000) / baud

/**
 * Characters of quiet before a question, where a protocol says nothing: 3.5, what Modbus RTU needs to see a frame begin
 * (over serial line 2.5.1.1); it also covers the 33 bits of EN 13757-2. 16 ms at 2400 baud.
 */
export const PAUSE_CHARACTERS = 3.5

/** Quiet after bytes that were no frame, until whoever spoke must have ended: 20 characters, 92 ms at 2400 baud. */
export const resyncMs = (baud: number): number => wireMs(20, baud)
