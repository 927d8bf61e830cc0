import { readFileSync } from 'node:fs'
import { decodeCbor, encodeCbor, isCount } from '../../src/bytes/cbor.ts'
import { packStreams, unpackStreams } from '../../src/bytes/streams.ts'
import { sha256Of } from '../../src/crypto/hash.ts'
import { createKeyPair, createSigner } from '../../src/crypto/keys.ts'
import { box, seal, unbox, unseal } from '../../src/crypto/seal.ts'
import { decodeDraft } from '../../src/form/form-draft.ts'
import { openForm } from '../../src/form/form-session.ts'
import { everyKind } from '../../src/form/sample-form.test.data.ts'
import { parseMappingText } from '../../src/import/parse-mapping.ts'
import { readRegister } from '../../src/import/read-register.ts'
import { parseEntry } from '../../src/log/entry.ts'
import { MAX_PART_BYTES } from '../../src/log/limits.ts'
import { encodeSegment, parseSegment, segmentClaim } from '../../src/log/segment.ts'
import { parseAct } from '../../src/membership/act.ts'
import { isProvenFreeze } from '../../src/membership/freeze.ts'
import { changeToWire, parseChange } from '../../src/record/change.ts'
import { RecordDoc } from '../../src/record/fold.ts'
import { decodePage } from '../../src/record/page-read.ts'
import { projectRecord } from '../../src/record/project.ts'
import { definitionOf } from '../../src/records/registry.ts'
import { expectOk } from '../../src/result.ts'
import { createInvite, joinWithInvite, parseJoinFile } from '../../src/station/invite.ts'
import { fingerprintOf, parseRescueFile } from '../../src/station/rescue-file.ts'
import { unwrapHomeKey, wrapHomeKey } from '../../src/station/secret.ts'
import { parseShares, shareLines } from '../../src/station/share-text.ts'
import type { Target } from '../../src/testing/fuzz.ts'
import { testSecret } from '../../src/testing/test-community.ts'
import {
  encodeCommitment,
  entriesByNumber,
  parseCommitment,
  parseManifest,
} from '../../src/trunk/checkpoint-format.ts'
import { openPage, sealPacked } from '../../src/trunk/checkpoint-page.ts'
import { encodeErasedList, parseErasedList } from '../../src/trunk/erased-list.ts'
import { openDeed, openPart, sealPart } from '../../src/trunk/part.ts'
import { actsOf, Forger, write } from '../forge.ts'
import type { Corpus } from './corpus.ts'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')
const bytesOf = (value: string): Uint8Array => new Uint8Array(Buffer.from(value))
const example = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../examples/registers/${name}`, import.meta.url)))

const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  'null',
  '1e999',
  '-1',
  '"__proto__":',
  '"constructor":',
  '\\u0000',
  '[[[[[[[[',
  '"toString":1,',
]
const XML_WORDS = [
  '<',
  '>',
  '/>',
  '</',
  '&',
  '&amp;',
  '&x;',
  ']]>',
  '<![CDATA[',
  '<!--',
  '<!DOCTYPE a [<!ENTITY x "y">]>',
  '<repeat nodeset="/data/a">',
  'relevant="true()"',
  'calculate="',
  '"',
  "'",
  '..',
  '//',
  'count(//*)',
  'concat(',
  '(((',
]
const CSV_WORDS = [',', '"', '""', '\n', '\r', '\r\n', ';', '\t', '\u0000', '\ufeff', ',"', '",']

const KEY = new Uint8Array(32).fill(9)
const LOG = 'ab'.repeat(16)
const ABOUT = new Uint8Array([1])

/** Reads a part as it is folded and shown: what a parser lets through must be harmless behind it. */
function foldsAndProjects(bytes: Uint8Array): boolean {
  const opened = openPart(KEY, LOG, 3, 1, sealPart(KEY, LOG, 3, 1, bytes))
  if (!opened.ok) return false
  const change = opened.value
  const doc = new RecordDoc(change.id, null)
  const stamp = { tag: '0'.repeat(26), member: 'me-0001', at: 1, log: LOG, seq: 3, version: change.version }
  doc.apply(change, stamp, () => true)
  const woken = new RecordDoc(change.id, doc.state())
  projectRecord(change.id, change.type, 'sp-0001', woken.live(), definitionOf(change.type))
  return true
}

function parts(corpus: Corpus): Uint8Array[] {
  const { founder } = corpus
  const changes = [write('bu-0001', { name: '楼', street: '街' })]
  for (const record of founder.records({}))
    changes.push({
      type: record.type,
      version: 1,
      id: record.id,
      writes: [
        ...Object.entries(record.fields).map(([name, value]) => ({ type: 'field' as const, name, value })),
        { type: 'add', name: 'categories', element: 'x' },
        { type: 'append', name: 'steps', value: { step: 'take', saw: ['a'] } },
      ],
      unwrites: [
        { type: 'field', name: 'name', tag: '0'.repeat(26) },
        { type: 'add', name: 'categories', element: 'x', tag: '0'.repeat(26) },
      ],
    })
  return changes.map((change) => encodeCbor(changeToWire(change)))
}

const commitment = {
  manifest: KEY,
  manifestBytes: 900,
  records: KEY,
  recordCount: 3,
  entryCount: 9,
  pageBytes: 4000,
}

function joinFiles({ founder, community }: Corpus): Uint8Array[] {
  const invite = expectOk(createInvite(founder, { role: 'worker', name: '测试员己', grids: [] }))
  const joined = expectOk(joinWithInvite(community.newHome(), testSecret, invite, { stationName: '己' }))
  community.stations.push(joined.station)
  return [invite, joined.request].map((file) => bytesOf(JSON.stringify(file)))
}

function rescueFiles(): Uint8Array[] {
  const key = Buffer.alloc(32, 1).toString('base64')
  const request = {
    doorstep: 'rescue-request/1',
    community: 'co-0001',
    station: 'st-0001',
    boxes: [['st-0002', 'AAAA']],
    key,
    madeAt: '2026-08-01T00:00:00.000Z',
  } as const
  const grant = { doorstep: 'rescue-grant/1', community: 'co-0001', station: 'st-0001', key, boxed: 'AAAA' }
  return [{ ...request, fingerprint: fingerprintOf(request) }, grant].map((file) =>
    bytesOf(JSON.stringify(file)),
  )
}

/** Streams in a list of byte strings, packed before they are read: mutations fall on what is in them. */
function readsStreams(bytes: Uint8Array, read: (packed: Uint8Array) => boolean): boolean {
  const decoded = decodeCbor(bytes, 1_000_000)
  if (!decoded.ok || !Array.isArray(decoded.value)) return false
  if (!decoded.value.every((one) => one instanceof Uint8Array)) return false
  return read(packStreams(decoded.value as Uint8Array[]))
}

/** Pure readers of this package. */
export function coreTargets(corpus: Corpus): Target[] {
  const { acts, segments, entries, manifest } = corpus
  const boxing = createKeyPair('x25519')
  const manifestStreams = unpackStreams(manifest, 1e6, 100)
  const pageStreams = unpackStreams(corpus.page, 1e6, 1000)
  const entryAt = entriesByNumber(expectOk(parseManifest(manifest)))
  const mapping = expectOk(parseMappingText(text(example('sample-people.mapping.json'))))
  const first = entries[0]!
  const freezes = acts.filter((act) => {
    const parsed = parseAct(act)
    return parsed.ok && parsed.value.type === 'freeze'
  })
  const share = { printing: '01020304', threshold: 2, number: 1, bytes: new Uint8Array(33).fill(5) }
  const draft = {
    format: 'form-draft',
    version: 1,
    form: { id: 'f', version: '1', digest: 'd' },
    language: 'zh',
    instance: '<data/>',
    repeats: [{ ref: '/data/a', count: 2 }],
    answers: [{ ref: '/data/b', value: 1, hidden: false }],
    files: [{ ref: '/data/c', name: 'n', mediaType: 'm', base64: 'AA==' }],
  }
  return [
    {
      name: 'CBOR',
      cbor: true,
      samples: [...segments, ...acts],
      read: (bytes) => decodeCbor(bytes, 1 << 20).ok,
    },
    { name: 'segment', cbor: true, samples: segments, read: (bytes) => parseSegment(bytes).ok },
    {
      name: 'entry header',
      cbor: true,
      samples: [first.header],
      read: (bytes) => parseEntry({ header: bytes, blobs: first.blobs }).ok,
    },
    { name: 'membership act', cbor: true, samples: acts, read: (bytes) => parseAct(bytes).ok },
    {
      name: 'list of an erasure',
      cbor: true,
      samples: [
        encodeErasedList([
          { log: '01'.repeat(16), seq: 3, hash: new Uint8Array(32).fill(1), parts: [1, 2, 511] },
          { log: '02'.repeat(16), seq: 0, hash: new Uint8Array(32).fill(2), parts: [1] },
        ]),
      ],
      read: (bytes) => parseErasedList(bytes).ok,
    },
    {
      name: 'proof of a fork',
      cbor: true,
      samples: freezes,
      read: (bytes) => {
        const act = parseAct(bytes)
        return act.ok && act.value.type === 'freeze' && isProvenFreeze(act.value)
      },
    },
    {
      name: 'change',
      cbor: true,
      samples: parts(corpus),
      read: (bytes) => {
        const decoded = decodeCbor(bytes, MAX_PART_BYTES)
        return decoded.ok && parseChange(decoded.value).ok
      },
    },
    { name: 'part, folded and shown', cbor: true, samples: parts(corpus), read: foldsAndProjects },
    {
      name: 'checkpoint: commitment',
      cbor: true,
      samples: [encodeCommitment(commitment)],
      read: (bytes) => parseCommitment(bytes) !== null,
    },
    { name: 'checkpoint: manifest, packed', samples: [manifest], read: (bytes) => parseManifest(bytes).ok },
    {
      name: 'checkpoint: manifest',
      cbor: true,
      samples: [manifestStreams[0]!],
      read: (bytes) => parseManifest(packStreams([bytes, ...manifestStreams.slice(1)])).ok,
    },
    {
      name: 'checkpoint: rows of a manifest',
      cbor: true,
      share: 0.2,
      samples: [encodeCbor(manifestStreams)],
      read: (bytes) => readsStreams(bytes, (packed) => parseManifest(packed).ok),
    },
    {
      name: 'checkpoint: page, sealed',
      samples: [sealPacked(KEY, 'sp-0001', corpus.page).bytes],
      read: (bytes) => openPage(KEY, 'sp-0001', bytes, entryAt).ok,
    },
    {
      name: 'checkpoint: page, packed',
      samples: [corpus.page],
      read: (bytes) => decodePage(bytes, entryAt).ok,
    },
    {
      name: 'checkpoint: head of a page',
      words: JSON_WORDS,
      samples: [pageStreams[0]!],
      read: (bytes) => decodePage(packStreams([bytes, ...pageStreams.slice(1)]), entryAt).ok,
    },
    {
      name: 'checkpoint: columns of a page',
      cbor: true,
      share: 0.2,
      samples: [encodeCbor(pageStreams)],
      read: (bytes) => readsStreams(bytes, (packed) => decodePage(packed, entryAt).ok),
    },
    {
      name: 'deed',
      cbor: true,
      samples: [encodeCbor(['me-0001', 'record.edit', 1, 'ac-0001'])],
      read: (bytes) => openDeed(KEY, LOG, 3, seal(KEY, bytes, placeOfDeed())).ok,
    },
    {
      name: 'sealed bytes',
      samples: [seal(KEY, bytesOf('测试'), ABOUT)],
      read: (bytes) => unseal(KEY, bytes, ABOUT).ok,
    },
    {
      name: 'boxed secret',
      samples: [box(boxing.publicKey, KEY, ABOUT)],
      read: (bytes) => unbox(boxing, bytes, ABOUT).ok,
    },
    {
      name: 'wrapped home key',
      cbor: true,
      samples: [wrapHomeKey(KEY, testSecret)],
      read: (bytes) => unwrapHomeKey(bytes, testSecret).ok,
    },
    {
      name: 'invite, request',
      words: JSON_WORDS,
      samples: joinFiles(corpus),
      read: (bytes) => parseJoinFile(text(bytes)).ok,
    },
    {
      name: 'rescue file',
      words: JSON_WORDS,
      samples: rescueFiles(),
      read: (bytes) => parseRescueFile(text(bytes)).ok,
    },
    {
      name: 'share of the founding key',
      words: ['1', '\n', '-', ' ', 'O', '1  '],
      samples: [bytesOf(shareLines(share).join('\n'))],
      read: (bytes) => parseShares(text(bytes)).ok,
    },
    {
      name: 'register (CSV)',
      words: CSV_WORDS,
      share: 0.2,
      samples: [example('sample-people.csv').subarray(0, 4000)],
      read: (bytes) => readRegister(bytes, mapping).ok,
      allow: { bytes: 16_000_000 },
    },
    {
      name: 'mapping of a register',
      words: JSON_WORDS,
      samples: [example('sample-people.mapping.json')],
      read: (bytes) => parseMappingText(text(bytes)).ok,
    },
    {
      name: 'draft of a form',
      words: JSON_WORDS,
      samples: [bytesOf(JSON.stringify(draft))],
      read: (bytes) => decodeDraft(text(bytes), 'f').ok,
    },
    {
      name: 'XForm',
      words: XML_WORDS,
      share: 0.008,
      samples: [bytesOf(everyKind)],
      read: async (bytes) => {
        const opened = await openForm(text(bytes))
        if (opened.ok) opened.value.close()
        return opened.ok
      },
      allow: { ms: 2000, bytes: 64_000_000 },
    },
  ]
}

const placeOfDeed = () => encodeCbor(['doorstep/blob/1', Buffer.from(LOG, 'hex'), 3, 0])

/** The whole gate, for what a member signs and seals properly and whose content is anything. */
export function gateTargets(corpus: Corpus): Target[] {
  const { founder, worker, grid, acts } = corpus
  const { community } = founder.identity
  const allow = { ms: 1000, bytes: 64_000_000 }
  const admit = async (bytes: Uint8Array): Promise<boolean> => {
    const report = await founder.admit([bytes], 'fuzz')
    return report.ok && report.value.admitted > 0
  }
  // The past stays as it was: an act that removes its author is one of many that did not know of each other.
  const deps = actsOf(founder)
  const sample = Forger.of(worker, grid)
  const whole = sample.data(worker, { parts: [write('bu-0003', { name: '头' })] })
  return [
    {
      name: 'gate: sealed part',
      cbor: true,
      samples: parts(corpus),
      share: 0.06,
      allow,
      read: (bytes) => {
        const forger = Forger.of(worker, grid)
        return admit(forger.segment(forger.data(worker, { parts: [bytes] })))
      },
    },
    {
      name: 'gate: signed header',
      cbor: true,
      samples: [whole.raw.header],
      share: 0.06,
      allow,
      read: (bytes) => {
        const decoded = decodeCbor(bytes, 1 << 16)
        const said = decoded.ok && Array.isArray(decoded.value) ? decoded.value[1] : 0
        const seq = isCount(said) ? said : 0
        const signature = createSigner(sample.keys.privateKey)(
          segmentClaim(sample.id, seq, seq, sha256Of(bytes)),
        )
        return admit(encodeSegment(sample.log, [{ header: bytes, blobs: whole.raw.blobs }], signature)).then(
          (admitted) => admitted || founder.has(sha256Of(bytes)),
        )
      },
    },
    {
      name: 'gate: signed act',
      cbor: true,
      samples: acts,
      share: 0.06,
      allow,
      read: async (bytes) => {
        const forger = Forger.of(founder, community)
        await admit(forger.segment(forger.act(bytes, { deps })))
        // What a sample means depends on what came before it: that it was judged is enough.
        return true
      },
    },
  ]
}
