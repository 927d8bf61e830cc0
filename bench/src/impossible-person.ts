const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** An ID number of GB 11643 with the right check character in a division that does not exist (990000). */
export function impossibleIdNumber(birthDate: string, serial: number): string {
  const body = `990000${birthDate.replaceAll('-', '')}${String(serial % 1000).padStart(3, '0')}`
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(body[at]), 0)
  return body + '10X98765432'[sum % 11]
}
