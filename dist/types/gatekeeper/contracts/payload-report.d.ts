/** What a payload breaks (gates.md §1.6). Closed: a reader may switch over it. */
export type ErrorCode = 'MISSING_REQUIRED_FIELD' | 'UNKNOWN_FIELD' | 'ENUM_MISMATCH' | 'CONST_VIOLATION' | 'WRONG_TYPE' | 'PATTERN_MISMATCH' | 'MIN_LENGTH_VIOLATION' | 'VALUE_OUT_OF_RANGE' | 'INVALID_FORMAT' | 'EMPTY_OBJECT' | 'SCHEMA_ERROR';
export declare const CONTRACT_NAMES: readonly ['ArtifactIntent', 'GateResult', 'HandoffContract', 'TaskSpanContract'];
export type ContractName = (typeof CONTRACT_NAMES)[number];
/** One fault of a payload. The path is that of the field itself (G-18), `/` for the payload as a whole. */
export interface ErrorEnvelope {
    readonly error_code: ErrorCode;
    readonly schema_id: string;
    readonly failed_path: string;
    readonly message: string;
    readonly next_action: string;
}
export interface PayloadReport {
    readonly contract_name: ContractName;
    readonly is_valid: boolean;
    readonly errors: readonly ErrorEnvelope[];
}
export declare function isContractName(name: string): name is ContractName;
/** The `$id` of a contract's schema, which is also where it is published. */
export declare function schemaId(name: ContractName): string;
/** The file name of a contract's schema. */
export declare function schemaFile(name: ContractName): string;
