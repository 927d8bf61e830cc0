import type { PlainRecord, Size } from './generate.ts'

/** Who is measured. */
export const sides = ['doorstep', 'pouchdb', 'automerge', 'hocuspocus'] as const
export type Side = (typeof sides)[number]
export const isSide = (text: string): text is Side => (sides as readonly string[]).includes(text)

export const sideNames: Record<Side, string> = {
  doorstep: 'Doorstep',
  pouchdb: 'PouchDB',
  automerge: 'automerge-repo',
  hocuspocus: 'Hocuspocus',
}

/** A folder of one side, open. What a write is worth when `put` resolves is the side's own affair; the README says. */
export type OpenSide = {
  /** Every record as it stands, for comparing what the sides hold. */
  records(): Promise<readonly PlainRecord[]>
  /** New records, each a write of its own, one after the other. */
  put(records: readonly PlainRecord[]): Promise<void>
  /** Called with the id of every record that another station wrote, when it can be read here. */
  onRecord(listener: (id: string) => void): void
  /** Lets others meet this folder; resolves to a port on this machine. */
  serve(): Promise<number>
  /** Meets whoever serves there; resolves when this side knows that nothing is left to bring either way. Goes on live. */
  meet(port: number): Promise<void>
  close(): Promise<void>
}

export type SideModule = {
  /** A folder with all records of a community. */
  build(folder: string, size: Size): Promise<void>
  /** A laptop's folder with nothing but what it needs to join `server`. */
  newcomer(server: string, laptop: string, options: Newcomer): Promise<void>
  open(folder: string): Promise<OpenSide>
}

/** Of Doorstep alone: the server sums up what it has, and the newcomer starts from that. */
export type Newcomer = { readonly checkpoint: boolean }

/** The others are not installed with Doorstep, so they lie apart. */
export async function sideModule(side: Side): Promise<SideModule> {
  const file = side === 'doorstep' ? './sides/doorstep.ts' : `../peers/${side}.ts`
  return (await import(new URL(file, import.meta.url).href)) as SideModule
}
