export type { Evidence, Place } from './model/evidence.ts';
