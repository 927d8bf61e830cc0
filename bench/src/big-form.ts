/** A form of so many questions in two languages: choices, numbers with a constraint, words; every fifth hangs on the one before. */
export function bigForm(questions: number): string {
  const all = Array.from({ length: questions }, (_, at) => at)
  const choices = ['a', 'b', 'c', 'd', 'e']
  const texts = (language: string) =>
    `<translation lang="${language}">${all.map((at) => `<text id="q${at}"><value>${language} ${at}</value></text>`).join('')}${choices.map((one) => `<text id="c${one}"><value>${language} ${one}</value></text>`).join('')}</translation>`
  const items = choices
    .map((one) => `<item><label ref="jr:itext('c${one}')"/><value>${one}</value></item>`)
    .join('')
  const bind = (at: number) =>
    `<bind nodeset="/data/q${at}" type="${at % 3 === 1 ? 'int' : 'string'}" ${at % 3 === 1 ? 'constraint=". &lt; 1000"' : ''} ${at > 0 && at % 5 === 0 ? `relevant="/data/q${at - 1} != 'x'"` : ''} required="true()"/>`
  const control = (at: number) => {
    const [tag, inside] = at % 3 === 0 ? ['select1', items] : ['input', '']
    return `<${tag} ref="/data/q${at}"><label ref="jr:itext('q${at}')"/>${inside}</${tag}>`
  }
  return `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Big</h:title><model><itext>${texts('zh')}${texts('en')}</itext><instance><data id="big">${all.map((at) => `<q${at}/>`).join('')}</data></instance>${all.map(bind).join('')}</model></h:head><h:body>${all.map(control).join('')}</h:body></h:html>`
}
