/** CRC-16 of Modbus RTU: polynomial A001 (8005 mirrored), begun with FFFF. On the wire the low byte comes first. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  return crc
})

export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const byte of bytes) crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 0xff]!
  return crc
}
