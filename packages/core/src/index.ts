export { type Failed, fail, type Ok, ok, type Problem, type Result } from './result.ts'
export { createCommunity, type NewCommunity } from './station/create-community.ts'
export { Station } from './station/station.ts'
