/** The package brings no types. */
declare module 'linebreak' {
  type Break = { readonly position: number; readonly required: boolean }
  // biome-ignore lint/style/noDefaultExport: as the package has it
  export default class LineBreaker {
    constructor(text: string)
    nextBreak(): Break | null
  }
}
