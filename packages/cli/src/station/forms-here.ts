import { builtinForms, type FormVersion } from '@doorstep/core'

/** Every version of a form that can be filled in here, for the codes of sheets. */
export const formVersionsHere = (): readonly FormVersion[] =>
  builtinForms.map(({ id, version }) => ({ id, version }))
