import type { World } from './world.ts'

export type Mutant = 'none'
export function plant(_world: World, _mutant: Mutant | undefined): void {}
export function plantAtEnd(_world: World, _mutant: Mutant | undefined): void {}
