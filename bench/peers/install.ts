import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { REQUIREMENTS, VENV } from './dlt.ts';

// Installs the peers that npm does not: npm run bench:peers. Wants Python 3 with its venv module (Debian: python3-venv).

rmSync(VENV, { recursive: true, force: true });
execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
execFileSync(`${VENV}/bin/pip`, ['install', '--disable-pip-version-check', ...REQUIREMENTS], {
  stdio: 'inherit',
});
