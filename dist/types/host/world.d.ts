/** What the story asks of the outside. Doors hand it in, so a test can hand in its own. */
export interface World {
    readonly clock: Clock;
    readonly ids: Ids;
    /** The environment, read once at the door. Values are strangers' text. */
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Absolute path of the directory that relative paths are taken from and never leave. */
    readonly root: string;
    /** Progress and notices for a person, one line each, to stderr or the action's log. Text is escaped by the receiver. */
    readonly tell: (line: string) => void;
    /** Hears how many targets there are before the work on them begins. A door that has the process to itself may want to ready it. */
    readonly expect?: (targets: number) => void;
}
export interface Clock {
    /** Wall-clock time. Fixed when SOURCE_DATE_EPOCH is set. */
    now(): Date;
    /** Milliseconds since an arbitrary start, monotonic; for durations. Always 0 when SOURCE_DATE_EPOCH is set. */
    elapsed(): number;
}
export interface Ids {
    /** 32 lower-case hex digits, never all zero. */
    traceId(): string;
    /** 16 lower-case hex digits, never all zero. */
    spanId(): string;
    /** RFC 9562 UUID in lower case. */
    uuid(): string;
}
