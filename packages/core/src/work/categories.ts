/**
 * What the categories of default policies are called. A community may use others: those are shown as written.
 * The groups are those of the visiting rules in records/default-policies.ts.
 */
import { type Language, labelIn } from './language.ts'

const LABELS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'elderly-alone-80': ['独居 80+', 'Lives alone, 80+'],
  'elderly-alone': ['独居老人', 'Elderly, lives alone'],
  elderly: ['老人', 'Elderly'],
  dementia: ['失智', 'Dementia'],
  'severe-heart-disease': ['严重心脏病', 'Severe heart disease'],
  'severe-hypertension': ['严重高血压', 'Severe hypertension'],
  'empty-nest': ['空巢', 'Empty nest'],
  'left-behind': ['留守', 'Left behind'],
  'disabled-elderly': ['失能老人', 'Elderly, disabled'],
  'severely-disabled': ['重残', 'Severely disabled'],
  'special-family': ['计生特殊家庭', 'Special family'],
  orphan: ['散居孤儿', 'Orphan'],
  'child-in-need': ['困境儿童', 'Child in need'],
  'extreme-poverty': ['特困供养', 'Extreme poverty'],
  'low-income': ['低保', 'Low income'],
  floating: ['流动人口', 'Floating population'],
  'community-correction': ['社区矫正', 'Community correction'],
  rental: ['出租屋', 'Rented'],
  outflow: ['流出户', 'Moved out'],
  business: ['商业', 'Business'],
}

/**
 * Health, hardship, children and a criminal past (PIPL 28): who adds one says what it rests on. What a community
 * calls by names of its own is not known to be sensitive.
 */
const SENSITIVE: ReadonlySet<string> = new Set([
  ...['dementia', 'severe-heart-disease', 'severe-hypertension', 'disabled-elderly', 'severely-disabled'],
  ...['special-family', 'orphan', 'child-in-need', 'extreme-poverty', 'low-income', 'community-correction'],
])
export const isSensitiveCategory = (category: string): boolean => SENSITIVE.has(category)

/** Those that have a name here, as somebody picks from. */
export const knownCategories: readonly string[] = Object.keys(LABELS)

export const categoryLabel = (category: string, language: Language = 'zh'): string => {
  const label = Object.hasOwn(LABELS, category) ? LABELS[category] : undefined
  return label ? labelIn(label, language) : category
}

/** Every word somebody may search a category by: its code and both labels. */
export const categoryWords = (category: string): readonly string[] => [
  category,
  ...(Object.hasOwn(LABELS, category) ? LABELS[category]! : []),
]

/** The category that a word of a register means: its code, or a label in either language. */
export const categoryCode = (word: string): string | null =>
  Object.keys(LABELS).find((code) =>
    categoryWords(code).some((one) => one.toLowerCase() === word.toLowerCase()),
  ) ?? null
