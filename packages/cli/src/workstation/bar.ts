/** How much of it, in cells; in eighths would be finer, and not seen at arm's length. Full only when it is. */
export function bar(done: number, of: number, cells: number): string {
  const full = of === 0 ? 0 : done >= of ? cells : Math.min(cells - 1, Math.floor((done / of) * cells))
  return '▇'.repeat(full) + '▁'.repeat(cells - full)
}
