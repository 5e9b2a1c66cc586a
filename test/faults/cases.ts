/** The whole fault table, in the order it is read. */
import type { FaultCase } from './case.js';
import { readCases } from './cases-reads.js';
import { signInCases } from './cases-sign-in.js';
import { slowCases } from './cases-slow.js';
import { writeCases } from './cases-writes.js';

export const quickCases: readonly FaultCase[] = [...writeCases, ...readCases, ...signInCases];
export const allCases: readonly FaultCase[] = [...quickCases, ...slowCases];
