/** How many messages so many devices send: each one, and then one a minute each for so many seconds. */
export const messagesIn = (devices: number, seconds: number): number =>
  devices + Math.floor((seconds * devices) / 60)
