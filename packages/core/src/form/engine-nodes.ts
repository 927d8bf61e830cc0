/** The part of the engine's node tree that is used here, as plain shapes (its own types need files it does not ship). */

export type EngineText = { readonly asString: string }
export type EngineViolation = {
  readonly condition: 'required' | 'constraint'
  readonly message: EngineText | null
}
export type EngineChoice = { readonly value: string; readonly label: EngineText }

type State = {
  readonly reference: string
  readonly readonly: boolean
  readonly relevant: boolean
  readonly required: boolean
  readonly label: EngineText | null
  readonly hint: EngineText | null
}
type Definition = {
  readonly nodeset: string
  readonly qualifiedName: { readonly localName: string; getPrefixedName(): string }
  readonly bind: { readonly relevant: { readonly expression: string; readonly isDefaultExpression: boolean } }
}
type Base = {
  readonly nodeId: string
  readonly definition: Definition
  readonly appearances: Iterable<string> | null
}
type LeafState = State & { readonly value: unknown; readonly instanceValue: string }
type Leaf = Base & {
  readonly valueType: string
  readonly parent: EngineParent
  readonly currentState: LeafState
  readonly validationState: { readonly violation: EngineViolation | null }
}

export type InputNode = Leaf & { readonly nodeType: 'input'; setValue(value: string): unknown }
export type SelectNode = Leaf & {
  readonly nodeType: 'select'
  readonly selectType: 'select' | 'select1'
  readonly currentState: LeafState & { readonly valueOptions: readonly EngineChoice[] }
  selectValues(values: readonly string[]): unknown
}
export type RankNode = Leaf & {
  readonly nodeType: 'rank'
  readonly currentState: LeafState & { readonly valueOptions: readonly EngineChoice[] }
  setValues(values: readonly string[]): unknown
}
export type RangeNode = Leaf & {
  readonly nodeType: 'range'
  readonly definition: Definition & {
    readonly bounds: {
      readonly start: number | bigint
      readonly end: number | bigint
      readonly step: number | bigint
    }
  }
  setValue(value: string): unknown
}
export type TriggerNode = Leaf & { readonly nodeType: 'trigger'; setValue(value: boolean): unknown }
export type UploadNode = Leaf & {
  readonly nodeType: 'upload'
  readonly nodeOptions: { readonly media: { readonly accept: string } }
  setValue(value: File | null): unknown
}
export type NoteNode = Leaf & { readonly nodeType: 'note' }
export type CalculatedNode = Leaf & { readonly nodeType: 'model-value' }

export type GroupNode = Base & {
  readonly nodeType: 'group'
  readonly parent: EngineParent
  readonly currentState: State & { readonly children: readonly EngineNode[] }
}
export type RepeatNode = Base & {
  readonly nodeType: 'repeat-range:controlled' | 'repeat-range:uncontrolled'
  readonly parent: EngineParent
  readonly currentState: State & { readonly children: readonly RepeatInstanceNode[] }
  addInstances?(afterIndex?: number, count?: number): unknown
  removeInstances?(startIndex: number, count?: number): unknown
}
export type RepeatInstanceNode = Base & {
  readonly nodeType: 'repeat-instance'
  readonly parent: RepeatNode
  readonly currentState: State & { readonly children: readonly EngineNode[] }
}
export type EngineLanguage = {
  readonly isSyntheticDefault?: true
  readonly language: string
  readonly locale?: Intl.Locale | undefined
  readonly isDefault: boolean
}
export type EngineRoot = Base & {
  readonly nodeType: 'root'
  readonly currentState: State & {
    readonly children: readonly EngineNode[]
    readonly activeLanguage: EngineLanguage
  }
  readonly instanceState: { readonly instanceXML: string }
  readonly languages: readonly EngineLanguage[]
  /** The document the root belongs to; its scope ends all reactivity of the form. */
  readonly parent: {
    readonly scope: { dispose(): void }
    readonly model: { triggerXformsRevalidateListeners(): void }
  }
  setLanguage(language: EngineLanguage): unknown
}

export type QuestionNode = InputNode | SelectNode | RankNode | RangeNode | TriggerNode | UploadNode | NoteNode
export type LeafNode = QuestionNode | CalculatedNode
export type EngineParent = EngineRoot | GroupNode | RepeatInstanceNode
export type EngineNode = LeafNode | GroupNode | RepeatNode | RepeatInstanceNode

const PARENTS = new Set(['group', 'repeat-instance', 'repeat-range:controlled', 'repeat-range:uncontrolled'])
export const isLeaf = (node: EngineNode): node is LeafNode => !PARENTS.has(node.nodeType)

/** Every leaf in document order. */
export function* leavesOf(parent: EngineParent | RepeatNode): Generator<LeafNode> {
  for (const child of parent.currentState.children)
    if (isLeaf(child)) yield child
    else yield* leavesOf(child)
}

/** Every leaf, and after its last repetition every repeat. */
export function* placesOf(parent: EngineParent | RepeatNode): Generator<LeafNode | RepeatNode> {
  for (const child of parent.currentState.children) {
    if (isLeaf(child)) yield child
    else yield* placesOf(child)
    if (child.nodeType === 'repeat-range:controlled' || child.nodeType === 'repeat-range:uncontrolled')
      yield child
  }
}

export function* repeatsOf(parent: EngineParent | RepeatNode): Generator<RepeatNode> {
  for (const child of parent.currentState.children) {
    if (isLeaf(child)) continue
    if (child.nodeType === 'repeat-range:controlled' || child.nodeType === 'repeat-range:uncontrolled')
      yield child
    yield* repeatsOf(child)
  }
}
