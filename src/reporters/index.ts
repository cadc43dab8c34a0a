import type { Reporter } from '../report/report.ts';
import { annotations } from './annotations.ts';
import { json } from './json.ts';
import { summary } from './summary.ts';
import { terminal } from './terminal.ts';

export const reporters: readonly Reporter[] = [annotations, json, summary, terminal];
