import type { KeyObject } from 'node:crypto'

type Crypto = typeof import('node:crypto')
type Remembered = Pick<
  Crypto,
  'verify' | 'diffieHellman' | 'hkdfSync' | 'createPublicKey' | 'createPrivateKey'
>

/** A history asks for some thousand answers; of those from before, the ones about the homes it began with come again. */
const MAX_ANSWERS = 20_000

/**
 * What follows from its arguments alone, worked out once: every station verifies what all the others wrote, opens the
 * same boxes and derives the same keys, at every opening anew. Asked for anything that the product does not ask for, or
 * that throws, it is node's own answer.
 */
export function rememberedCrypto(crypto: Crypto): Remembered {
  const { verify, diffieHellman, hkdfSync, createPublicKey, createPrivateKey } = crypto
  const read =
    (create: (input: never) => KeyObject) =>
    (input: { readonly key: Buffer }): KeyObject =>
      answers.of(`key/${latin1(input.key)}`, () => create(input as never))
  return {
    verify: ((_: null, message: Uint8Array, key: KeyObject, signature: Uint8Array) =>
      answers.of(`verify/${nameOf(key)}${latin1(signature)}${latin1(message)}`, () =>
        verify(null, message, key, signature),
      )) as Crypto['verify'],
    diffieHellman: ((keys: { privateKey: KeyObject; publicKey: KeyObject }) =>
      answers.of(`agree/${nameOf(keys.privateKey)}${nameOf(keys.publicKey)}`, () =>
        diffieHellman(keys),
      )) as Crypto['diffieHellman'],
    hkdfSync: ((digest: string, secret: Uint8Array, salt: Uint8Array, info: string, length: number) =>
      answers
        .of(`derive/${digest}/${length}/${info}/${secret.length}/${latin1(secret)}${latin1(salt)}`, () =>
          hkdfSync(digest, secret, salt, info, length),
        )
        // Whoever holds a key may wipe it.
        .slice(0)) as Crypto['hkdfSync'],
    createPublicKey: ((input: KeyObject | { readonly key: Buffer }) =>
      'key' in input ? read(createPublicKey)(input) : createPublicKey(input)) as Crypto['createPublicKey'],
    createPrivateKey: read(createPrivateKey) as Crypto['createPrivateKey'],
  }
}

class Answers {
  readonly #known = new Map<string, unknown>()
  of<T>(question: string, answer: () => T): T {
    const known = this.#known.get(question)
    if (known !== undefined) return known as T
    const found = answer()
    if (this.#known.size >= MAX_ANSWERS) this.#known.clear()
    this.#known.set(question, found)
    return found
  }
}
const answers = new Answers()

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

const names = new WeakMap<KeyObject, string>()
/** Its raw bytes, which are of one length for each kind of key. */
function nameOf(key: KeyObject): string {
  let name = names.get(key)
  if (name === undefined) {
    const type = key.type === 'private' ? 'pkcs8' : 'spki'
    name = (key.export({ format: 'der', type } as never) as unknown as Buffer).toString('latin1')
    names.set(key, name)
  }
  return name
}
