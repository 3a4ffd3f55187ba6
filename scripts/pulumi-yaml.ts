import { writeFileSync } from 'node:fs';
import { projectFile } from '../infra/config/project-file.ts';

// The engine reads the keys from Pulumi.yaml, the program from infra/config/: one is made from the other.
writeFileSync(new URL('../Pulumi.yaml', import.meta.url), projectFile());
