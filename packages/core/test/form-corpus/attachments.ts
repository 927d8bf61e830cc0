/** What a form reads lists from: files beside it, or anywhere near; made up where there are none. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const MADE_UP: Readonly<Record<string, string>> = {
  csv: 'name,label,key,value,id,title\nx,X,x,1,x,X\ny,Y,y,2,y,Y\n',
  xml: '<root><item><name>x</name><label>X</label><value>1</value></item></root>',
  geojson:
    '{"type":"FeatureCollection","features":[{"type":"Feature","id":"x","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"id":"x","title":"X","name":"x","label":"X"}}]}',
}

export function attachmentsFor(xml: string, folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, uri] of xml.matchAll(/<instance[^>]*\ssrc="jr:\/\/([^"]+)"/g)) {
    const name = decodeURIComponent(uri!.split('/').at(-1)!)
    const ending = name.split('.').at(-1)!.toLowerCase()
    if (uri!.startsWith('instance/')) continue
    found[name] = lookFor(name, folder) ?? MADE_UP[ending] ?? ''
  }
  return found
}

function lookFor(name: string, folder: string): string | null {
  for (const place of [folder, join(folder, '..'), join(folder, 'media'), join(folder, '..', 'media')])
    if (existsSync(join(place, name))) return readFileSync(join(place, name), 'utf8')
  const [near] = globSync(`**/${name.replaceAll(/[[\]*?{}]/g, '?')}`, { cwd: dirname(folder) })
  return near ? readFileSync(join(dirname(folder), near), 'utf8') : null
}
