import { type Gate } from './gate.js';
/** The gate, checked for what every gate must tell; a member of the shelf that tells less is a mistake of ours and throws. */
export declare function defineGate(gate: Gate): Gate;
