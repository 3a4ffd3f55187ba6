import { ageRules } from './ages.ts';
import { placeRules } from './places.ts';
import type { Rule } from './rule.ts';
import { sharingRules } from './sharing.ts';
import { workloadRules } from './workloads.ts';

/** Every demand on several settings together. */
export const RULES: readonly Rule[] = [...ageRules, ...sharingRules, ...placeRules, ...workloadRules];
