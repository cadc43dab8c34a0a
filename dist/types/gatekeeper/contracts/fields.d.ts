import type { ContractName } from './payload-report.js';
/** What a value must be. `word` is text that is not empty, `instant` RFC 3339 with an offset, `data` an object of any keys. */
export type Shape = {
    readonly kind: 'word' | 'text' | 'instant' | 'flag' | 'count' | 'percent' | 'data' | 'someData';
} | {
    readonly kind: 'constant';
    readonly value: string;
} | {
    readonly kind: 'choice';
    readonly values: readonly string[];
} | {
    readonly kind: 'list';
    readonly of: Shape;
} | {
    readonly kind: 'record';
    readonly fields: Fields;
};
/** A field that may be left out, never null. `byDefault` is what a reader takes when it is. */
export interface Optional<S extends Shape = Shape> {
    readonly kind: 'optional';
    readonly of: S;
    readonly byDefault?: string | boolean;
}
/** The fields of a closed object: no other key may stand beside them. */
export interface Fields {
    readonly [key: string]: Shape | Optional;
}
export declare const contractFields: {
    readonly ArtifactIntent: {
        readonly schema_version: {
            readonly kind: 'constant';
            readonly value: 'v1';
        };
        readonly artifact_id: {
            readonly kind: 'word';
        };
        readonly artifact_type: {
            readonly kind: 'word';
        };
        readonly artifact_category: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'choice';
                readonly values: readonly ["observability", "onboarding", "integrity"];
            };
            readonly byDefault?: string | boolean;
        };
        readonly intent: {
            readonly kind: 'choice';
            readonly values: readonly ["create", "update", "validate", "deprecate"];
        };
        readonly owner: {
            readonly kind: 'word';
        };
        readonly task_id: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly promoted_to_task: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'flag';
            };
            readonly byDefault?: string | boolean;
        };
        readonly promotion_reason: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'choice';
                readonly values: readonly ["lifecycle", "dependency", "risk", "ownership", "traceability", "none"];
            };
            readonly byDefault?: string | boolean;
        };
        readonly parameter_sources: {
            readonly kind: 'someData';
        };
        readonly output_convention: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'record';
                readonly fields: {
                    readonly output_path: {
                        readonly kind: 'optional';
                        readonly of: {
                            readonly kind: 'word';
                        };
                        readonly byDefault?: string | boolean;
                    };
                    readonly output_ext: {
                        readonly kind: 'optional';
                        readonly of: {
                            readonly kind: 'word';
                        };
                        readonly byDefault?: string | boolean;
                    };
                };
            };
            readonly byDefault?: string | boolean;
        };
        readonly semantic_conventions: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: "data";
            };
            readonly byDefault?: string | boolean;
        };
        readonly acceptance_criteria: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'list';
                readonly of: {
                    readonly kind: 'word';
                };
            };
            readonly byDefault?: string | boolean;
        };
    };
    readonly GateResult: {
        readonly schema_version: {
            readonly kind: 'constant';
            readonly value: 'v1';
        };
        readonly gate_id: {
            readonly kind: 'word';
        };
        readonly trace_id: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly task_id: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly phase: {
            readonly kind: 'choice';
            readonly values: readonly ["INIT_BASELINE", "EXPORT_CONTRACT", "CONTRACT_INTEGRITY", "INGEST_PARSE_ASSESS", "ROUTING_DECISION", "ARTISAN_DESIGN", "ARTISAN_IMPLEMENT", "TEST_VALIDATE", "REVIEW_CALIBRATE", "FINALIZE_VERIFY", "OTHER"];
        };
        readonly result: {
            readonly kind: 'choice';
            readonly values: readonly ["pass", "fail"];
        };
        readonly severity: {
            readonly kind: 'choice';
            readonly values: readonly ["info", "warning", "error", "critical"];
        };
        readonly reason: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly next_action: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly blocking: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'flag';
            };
            readonly byDefault?: string | boolean;
        };
        readonly evidence: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: "list";
                readonly of: {
                    readonly kind: 'record';
                    readonly fields: {
                        readonly type: {
                            readonly kind: 'word';
                        };
                        readonly ref: {
                            readonly kind: 'word';
                        };
                        readonly description: {
                            readonly kind: 'optional';
                            readonly of: {
                                readonly kind: "text";
                            };
                            readonly byDefault?: string | boolean;
                        };
                    };
                };
            };
            readonly byDefault?: string | boolean;
        };
        readonly checked_at: {
            readonly kind: 'instant';
        };
    };
    readonly HandoffContract: {
        readonly schema_version: {
            readonly kind: 'constant';
            readonly value: 'v1';
        };
        readonly handoff_id: {
            readonly kind: 'word';
        };
        readonly from_agent: {
            readonly kind: 'word';
        };
        readonly to_agent: {
            readonly kind: 'word';
        };
        readonly capability_id: {
            readonly kind: 'word';
        };
        readonly project_id: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly trace_id: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly parent_task_id: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly priority: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'choice';
                readonly values: readonly ["low", "normal", "high", "critical"];
            };
            readonly byDefault?: string | boolean;
        };
        readonly inputs: {
            readonly kind: 'data';
        };
        readonly expected_output: {
            readonly kind: 'record';
            readonly fields: {
                readonly type: {
                    readonly kind: 'word';
                };
                readonly schema_ref: {
                    readonly kind: 'optional';
                    readonly of: {
                        readonly kind: 'word';
                    };
                    readonly byDefault?: string | boolean;
                };
            };
        };
        readonly status: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'choice';
                readonly values: readonly ["pending", "accepted", "in_progress", "completed", "failed", "expired"];
            };
            readonly byDefault?: string | boolean;
        };
        readonly created_at: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'instant';
            };
            readonly byDefault?: string | boolean;
        };
        readonly deadline: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'instant';
            };
            readonly byDefault?: string | boolean;
        };
        readonly result_trace_id: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly error: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
    };
    readonly TaskSpanContract: {
        readonly schema_version: {
            readonly kind: 'constant';
            readonly value: 'v1';
        };
        readonly project_id: {
            readonly kind: 'word';
        };
        readonly trace_id: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly task_id: {
            readonly kind: 'word';
        };
        readonly span_id: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly parent_task_id: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly phase: {
            readonly kind: 'choice';
            readonly values: readonly ["INIT_BASELINE", "EXPORT_CONTRACT", "CONTRACT_INTEGRITY", "INGEST_PARSE_ASSESS", "ROUTING_DECISION", "ARTISAN_DESIGN", "ARTISAN_IMPLEMENT", "TEST_VALIDATE", "REVIEW_CALIBRATE", "FINALIZE_VERIFY", "OTHER"];
        };
        readonly status: {
            readonly kind: 'choice';
            readonly values: readonly ["not_started", "in_progress", "blocked", "completed", "failed"];
        };
        readonly acceptance_criteria: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'list';
                readonly of: {
                    readonly kind: 'word';
                };
            };
            readonly byDefault?: string | boolean;
        };
        readonly checksums: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'record';
                readonly fields: {
                    readonly source_checksum: {
                        readonly kind: 'optional';
                        readonly of: {
                            readonly kind: 'word';
                        };
                        readonly byDefault?: string | boolean;
                    };
                    readonly artifact_manifest_checksum: {
                        readonly kind: 'optional';
                        readonly of: {
                            readonly kind: 'word';
                        };
                        readonly byDefault?: string | boolean;
                    };
                    readonly project_context_checksum: {
                        readonly kind: 'optional';
                        readonly of: {
                            readonly kind: 'word';
                        };
                        readonly byDefault?: string | boolean;
                    };
                };
            };
            readonly byDefault?: string | boolean;
        };
        readonly metrics: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'record';
                readonly fields: {
                    readonly gap_count: {
                        readonly kind: 'optional';
                        readonly of: {
                            readonly kind: 'count';
                        };
                        readonly byDefault?: string | boolean;
                    };
                    readonly feature_count: {
                        readonly kind: 'optional';
                        readonly of: {
                            readonly kind: 'count';
                        };
                        readonly byDefault?: string | boolean;
                    };
                    readonly complexity_score: {
                        readonly kind: 'optional';
                        readonly of: {
                            readonly kind: "percent";
                        };
                        readonly byDefault?: string | boolean;
                    };
                    readonly artifact_count: {
                        readonly kind: 'optional';
                        readonly of: {
                            readonly kind: 'count';
                        };
                        readonly byDefault?: string | boolean;
                    };
                };
            };
            readonly byDefault?: string | boolean;
        };
        readonly blocked_reason: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly blocked_on_span_id: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly next_action: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'word';
            };
            readonly byDefault?: string | boolean;
        };
        readonly timestamp: {
            readonly kind: 'optional';
            readonly of: {
                readonly kind: 'instant';
            };
            readonly byDefault?: string | boolean;
        };
    };
};
export type GateResultPayload = Payload<'GateResult'>;
export type TaskSpanContractPayload = Payload<'TaskSpanContract'>;
export type ArtifactIntentPayload = Payload<'ArtifactIntent'>;
export type HandoffContractPayload = Payload<'HandoffContract'>;
/** A payload of a contract as a program writes it. */
export type Payload<Name extends ContractName> = RecordOf<(typeof contractFields)[Name]>;
type RecordOf<F extends Fields> = {
    readonly [Key in keyof F as F[Key] extends Optional ? never : Key]: F[Key] extends Shape ? ValueOf<F[Key]> : never;
} & {
    readonly [Key in keyof F as F[Key] extends Optional ? Key : never]?: F[Key] extends Optional<infer S> ? ValueOf<S> | undefined : never;
};
type ValueOf<S extends Shape> = S extends {
    kind: 'constant';
    value: infer V;
} ? V : S extends {
    kind: 'choice';
    values: readonly (infer V)[];
} ? V : S extends {
    kind: 'list';
    of: infer Item extends Shape;
} ? readonly ValueOf<Item>[] : S extends {
    kind: 'record';
    fields: infer F extends Fields;
} ? RecordOf<F> : S extends {
    kind: infer K extends keyof Scalars;
} ? Scalars[K] : never;
interface Scalars {
    readonly word: string;
    readonly text: string;
    readonly instant: string;
    readonly flag: boolean;
    readonly count: number;
    readonly percent: number;
    readonly data: Readonly<Record<string, unknown>>;
    readonly someData: Readonly<Record<string, unknown>>;
}
export {};
