/** How long bytes take on a serial line, and how long it must be quiet between them. */

/** Start bit, eight data bits, parity, stop bit: 8E1, what DL/T 645, CJ/T 188 and M-Bus all use. */
export const BITS_PER_BYTE = 11

/** DL/T 645 and CJ/T 188 meters, and most M-Bus ones. */
export const USUAL_BAUD = 2400

/** @returns milliseconds that so many bytes take on the wire */
export const wireMs = (bytes: number, baud: number): number => (bytes * BITS_PER_BYTE * 1000) / baud

/**
 * Quiet between an answer and the next question: 3.5 characters (Modbus RTU over serial line 2.5.1.1), which also
 * covers the 33 bits of EN 13757-2. DL/T 645 asks for none. 16 ms at 2400 baud.
 */
export const pauseMs = (baud: number): number => wireMs(3.5, baud)

/** Quiet after bytes that were no frame, until whoever spoke must have ended: 20 characters, 92 ms at 2400 baud. */
export const resyncMs = (baud: number): number => wireMs(20, baud)
