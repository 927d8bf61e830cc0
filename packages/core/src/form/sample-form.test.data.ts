/** A form with one question of every kind, repeats, hidden groups, filtered choices. Written for the tests. */
const item = (value: string, label = value.toUpperCase()) =>
  `<item><label>${label}</label><value>${value}</value></item>`

export const everyKind = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" xmlns:odk="http://www.opendatakit.org/xforms">
<h:head><h:title>各种问题</h:title><model odk:xforms-version="1.0.0">
<itext>
<translation lang="中文 (zh)" default="true()">
<text id="name"><value>姓名</value></text><text id="name-needed"><value>必须填姓名</value></text>
<text id="age"><value>年龄</value></text><text id="age-range"><value>年龄应在 0 到 129 之间</value></text>
</translation>
<translation lang="English (en)">
<text id="name"><value>Name</value></text><text id="name-needed"><value>A name is needed</value></text>
<text id="age"><value>Age</value></text><text id="age-range"><value>Age must be from 0 to 129</value></text>
</translation>
</itext>
<instance><data id="every-kind" version="3">
<people jr:template=""><name/><age/><likes/></people>
<people><name/><age/><likes/></people>
<rooms_count/><rooms jr:template=""><floor/></rooms>
<has_pets/><pets><pet jr:template=""><pet_name/></pet><pet><pet_name/></pet><vet/></pets>
<district/><street/>
<text/><fixed>not to be changed</fixed><decimal/><date>2020-01-01</date><time/><datetime/><trigger/><rank/><range/><place/><photo/><second_photo/><track/><area/><code/><blob/><message/>
<from/><to/><adults/>
<orx:meta><orx:instanceID/></orx:meta>
</data></instance>
<instance id="streets"><root>
<item><name>a1</name><label>A one</label><district>a</district></item>
<item><name>a2</name><label>A two</label><district>a</district></item>
<item><name>b1</name><label>B one</label><district>b</district></item>
</root></instance>
<bind nodeset="/data/people/name" type="string" required="true()" jr:requiredMsg="jr:itext('name-needed')"/>
<bind nodeset="/data/people/age" type="int" constraint=". &gt;= 0 and . &lt; 130" jr:constraintMsg="jr:itext('age-range')"/>
<bind nodeset="/data/people/likes" type="string" relevant="../age &gt;= 18"/>
<bind nodeset="/data/rooms_count" type="int"/>
<bind nodeset="/data/rooms/floor" type="int"/>
<bind nodeset="/data/pets" relevant="/data/has_pets = 'yes'"/>
<bind nodeset="/data/fixed" type="string" readonly="true()"/>
<bind nodeset="/data/decimal" type="decimal"/><bind nodeset="/data/date" type="date"/>
<bind nodeset="/data/time" type="time"/><bind nodeset="/data/datetime" type="dateTime"/>
<bind nodeset="/data/rank" type="odk:rank"/><bind nodeset="/data/range" type="int"/>
<bind nodeset="/data/place" type="geopoint"/><bind nodeset="/data/track" type="geotrace"/>
<bind nodeset="/data/area" type="geoshape"/><bind nodeset="/data/code" type="barcode"/><bind nodeset="/data/blob" type="binary"/>
<bind nodeset="/data/photo" type="binary"/><bind nodeset="/data/second_photo" type="binary"/>
<bind nodeset="/data/message" type="string" readonly="true()"/>
<bind nodeset="/data/from" type="int" constraint="/data/to = '' or . &lt;= /data/to"/>
<bind nodeset="/data/to" type="int" constraint="/data/from = '' or . &gt;= /data/from"/>
<bind nodeset="/data/adults" type="int" calculate="count(/data/people[age &gt;= 18])"/>
<bind nodeset="/data/orx:meta/orx:instanceID" type="string" readonly="true()" jr:preload="uid"/>
</model></h:head>
<h:body>
<group ref="/data/people"><label>Person</label><repeat nodeset="/data/people">
<input ref="/data/people/name"><label ref="jr:itext('name')"/></input>
<input ref="/data/people/age"><label ref="jr:itext('age')"/></input>
<select ref="/data/people/likes"><label>Likes</label>${item('tea')}${item('chess')}${item('opera')}</select>
</repeat></group>
<input ref="/data/rooms_count"><label>Rooms</label></input>
<group ref="/data/rooms"><label>Room</label><repeat nodeset="/data/rooms" jr:count="/data/rooms_count"><input ref="/data/rooms/floor"><label>Floor</label></input></repeat></group>
<select1 ref="/data/has_pets"><label>Pets?</label>${item('yes')}${item('no')}</select1>
<group ref="/data/pets"><label>Pets</label>
<group ref="/data/pets/pet"><label>Pet</label><repeat nodeset="/data/pets/pet"><input ref="/data/pets/pet/pet_name"><label>Called</label></input></repeat></group>
<input ref="/data/pets/vet"><label>Vet</label></input></group>
<select1 ref="/data/district"><label>District</label>${item('a')}${item('b')}</select1>
<select1 ref="/data/street"><label>Street</label><itemset nodeset="instance('streets')/root/item[district = /data/district]"><value ref="name"/><label ref="label"/></itemset></select1>
<input ref="/data/text" appearance="multiline"><label>Text</label><hint>anything</hint></input>
<input ref="/data/fixed"><label>Fixed</label></input>
<input ref="/data/decimal"><label>Decimal</label></input>
<input ref="/data/date"><label>Date</label></input>
<input ref="/data/time"><label>Time</label></input>
<input ref="/data/datetime"><label>Moment</label></input>
<trigger ref="/data/trigger"><label>Seen</label></trigger>
<odk:rank ref="/data/rank"><label>Rank</label>${item('x')}${item('y')}${item('z')}</odk:rank>
<range ref="/data/range" start="1" end="9" step="2"><label>Range</label></range>
<input ref="/data/place"><label>Place</label></input>
<upload ref="/data/photo" mediatype="image/*"><label>Photo</label></upload>
<upload ref="/data/second_photo" mediatype="image/*"><label>Second photo</label></upload>
<input ref="/data/track"><label>Track</label></input><input ref="/data/area"><label>Area</label></input>
<input ref="/data/code"><label>Code</label></input><input ref="/data/blob"><label>Blob</label></input>
<input ref="/data/message"><label>There are <output value="/data/adults"/> adults</label></input>
<input ref="/data/from"><label>From</label></input><input ref="/data/to"><label>To</label></input>
</h:body></h:html>
`

/** The smallest form there is, for failures and for counting. `body` and `model` go in as they are. */
export const smallForm = ({
  model = '',
  instance = '<a/>',
  body = '<input ref="/data/a"><label>A</label></input>',
} = {}) =>
  `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Small</h:title><model><instance><data id="small">${instance}</data></instance>${model}</model></h:head><h:body>${body}</h:body></h:html>`

/** XML as nested lists of names and texts, for comparing a submission with values. */
export function leavesOfXml(document: Document): [path: string, text: string][] {
  const walk = (element: Element, path: string): [string, string][] => {
    const children = [...element.children].filter((child) => child.localName !== 'meta')
    const count = new Map<string, number>()
    if (children.length === 0 && element.localName === 'meta') return []
    if (children.length === 0) return element.textContent ? [[path, element.textContent]] : []
    return children.flatMap((child) => {
      const index = (count.get(child.localName) ?? 0) + 1
      count.set(child.localName, index)
      return walk(child, `${path}/${child.localName}[${index}]`)
    })
  }
  return walk(document.documentElement, '')
}
