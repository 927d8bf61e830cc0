export { fillForStation, type TableAsk, type TableProblem } from './fill-for-station.ts'
export type { FilledTemplate } from './fill-template.ts'
export { readTemplate, type TemplateFault } from './read-template.ts'
export {
  addTemplate,
  dropTemplate,
  findTemplate,
  listTemplates,
  MAX_TEMPLATE_BYTES,
  type TemplateProblem,
  type TemplateRow,
} from './template-shelf.ts'
