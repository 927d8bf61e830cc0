/**
 * What the columns of registers are called: the usual headers of 一标三实 lists, of GB/T 31000-2015 and of English
 * ones. A header is compared without spaces, brackets, case and width.
 */
import type { ImportableType } from './record-links.ts'

export type Meaning = {
  readonly record: ImportableType
  readonly name: string
  readonly words: readonly string[]
}

const meaning = (record: ImportableType, name: string, words: string): Meaning => ({
  record,
  name,
  words: words.split(' '),
})

/** The most telling first: a header takes the first meaning that fits. */
export const meanings: readonly Meaning[] = [
  meaning(
    'building',
    'street',
    '小区 小区名称 街路巷 街道路巷 街路 路名 道路 自然村 地址 estate street road address',
  ),
  meaning(
    'building',
    'name',
    '楼栋 楼栋号 楼幢 楼幢号 幢 栋 幢号 栋号 楼号 楼 楼栋名称 building block blockno buildingno bldg',
  ),
  meaning('building', 'storeys', '层数 总层数 楼层数 地上层数 storeys stories floors'),
  meaning('building', 'dwellings', '总户数 户数 units dwellings'),
  meaning('building', 'elevators', '电梯数 电梯 lifts elevators'),
  meaning('building', 'yearBuilt', '建成年份 建筑年代 建成年代 竣工年份 yearbuilt yearcompleted'),
  meaning('building', 'gasPipeline', '管道燃气 通管道燃气 是否通燃气 pipedgas gaspipeline'),
  meaning('building', 'propertyCompany', '物业公司 物业 物业名称 propertycompany'),
  meaning('building', 'propertyPhone', '物业电话 propertyphone'),
  meaning('building', 'latitude', '纬度 latitude lat y坐标'),
  meaning('building', 'longitude', '经度 longitude lng lon x坐标'),
  meaning('dwelling', 'unit', '单元 单元号 梯 梯号 门洞 unit unitno stair staircase entrance'),
  meaning('dwelling', 'floor', '楼层 层 所在楼层 floor storey'),
  meaning(
    'dwelling',
    'room',
    '房号 房间号 室号 室 门牌 门牌号 户室号 房屋号 room roomno flat flatno door apartment apt',
  ),
  meaning('dwelling', 'code', '房屋编码 房屋编号 地址编码 标准地址编码 dwellingcode housecode addresscode'),
  meaning('dwelling', 'areaSquareMetres', '面积 建筑面积 房屋面积 面积(平方米) area floorarea areasqm'),
  meaning('dwelling', 'use', '房屋用途 用途 房屋性质 房屋使用情况 use occupancy'),
  meaning('household', 'name', '户名 户主 户主姓名 household householdname headname headofhousehold'),
  meaning('household', 'number', '户号 户编号 户籍号 householdno householdnumber'),
  meaning('household', 'phone', '户主电话 家庭电话 住宅电话 householdphone homephone'),
  meaning('household', 'emergencyContact', '紧急联系人 emergencycontact'),
  meaning('household', 'emergencyPhone', '紧急联系电话 紧急联系人电话 emergencyphone'),
  meaning('household', 'mind', '注意事项 当心 特别提醒 mind caution'),
  meaning('household', 'note', '备注 说明 note notes remark remarks'),
  meaning('household', 'categories', '类别 家庭类别 户类别 人群类别 重点类别 人员类别 category categories'),
  meaning('household', 'tags', '标签 tag tags'),
  meaning(
    'person',
    'idNumber',
    '身份证号 身份证号码 公民身份号码 证件号 证件号码 身份证 idnumber idno nationalid idcard',
  ),
  meaning('person', 'name', '姓名 人员姓名 居民姓名 name fullname personname'),
  meaning('person', 'gender', '性别 gender sex'),
  meaning('person', 'birthDate', '出生日期 出生年月日 生日 birthdate dateofbirth dob'),
  meaning('person', 'phone', '电话 联系电话 手机 手机号 手机号码 联系方式 phone mobile telephone tel'),
  meaning('person', 'population', '人口类型 人口类别 人员类型 population populationtype'),
  meaning('person', 'health', '健康状况 健康 health'),
  meaning('person', 'diedOn', '死亡日期 去世日期 dateofdeath'),
  meaning('residence', 'relation', '与户主关系 户主关系 关系 relation relationtohead'),
  meaning('residence', 'kind', '居住类型 居住方式 residencetype tenure'),
  meaning('residence', 'state', '居住状态 在住状态 人户状态 residencestate'),
  meaning('residence', 'from', '入住日期 迁入日期 起始日期 居住起始日期 movedin since from'),
  meaning('residence', 'to', '迁出日期 搬离日期 终止日期 movedout until'),
]

/** Labels of choices that registers use besides our own. */
export const choiceWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gender: { 男性: 'male', 女性: 'female', m: 'male', f: 'female', '1': 'male', '2': 'female' },
  population: {
    户籍人口: 'registered',
    常住: 'registered',
    常住人口: 'registered',
    流动人口: 'floating',
    境外人员: 'overseas',
    '01': 'registered',
    '02': 'floating',
    '03': 'overseas',
  },
  relation: {
    本人: 'head',
    妻: 'spouse',
    夫: 'spouse',
    妻子: 'spouse',
    丈夫: 'spouse',
    子: 'child',
    女: 'child',
    儿子: 'child',
    女儿: 'child',
    长子: 'child',
    长女: 'child',
    父亲: 'parent',
    母亲: 'parent',
    父: 'parent',
    母: 'parent',
    孙子: 'grandchild',
    孙女: 'grandchild',
    祖父: 'grandparent',
    祖母: 'grandparent',
    保姆: 'carer',
    其它: 'other',
  },
  kind: { 自有: 'own', 租赁: 'rent', 出租: 'rent', 借住: 'lodge' },
  state: { 常住: 'present', 外出务工: 'away', 人户分离: 'nominal' },
  use: { 自用: 'owner-occupied', 租赁: 'rented', 空房: 'vacant', 闲置: 'vacant', 商用: 'business' },
}
