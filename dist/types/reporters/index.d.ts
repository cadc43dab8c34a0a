import type { Reporter } from '../report/report.js';
export declare const reporters: readonly Reporter[];
