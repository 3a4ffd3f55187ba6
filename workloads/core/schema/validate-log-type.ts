import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import logTypeSchema from '../../../schemas/log-type.schema.json' with { type: 'json' };

/** ajv's settings: every mistake of a file at once, each with the part of the schema that refused it. */
export const AJV_OPTIONS = { allErrors: true, verbose: true } as const;

/**
 * Whether a document is a schema file as `schemas/log-type.schema.json` has it; what is wrong is in its `errors`.
 * The bundle replaces this module by the code that ajv generates here: a pod would spend 17 MiB on generating it (scripts/bundle.ts).
 */
export const validateLogType: ValidateFunction = new Ajv2020(AJV_OPTIONS).compile(logTypeSchema);
