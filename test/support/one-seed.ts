import fc from 'fast-check';

// Loaded before the tests of a mutation run: what survives one day survives the next, and a killed mutant was not killed by luck.

fc.configureGlobal({ seed: 1 });
