export declare const PROTOCOLS: readonly ['http/json', 'http/protobuf'];
/** How a receiver is spoken to: `http/json` unless asked otherwise. */
export type Protocol = (typeof PROTOCOLS)[number];
/** What is sent: each signal has a path, variables and a response of its own. */
export type Signal = 'traces' | 'metrics';
/** What was asked for, as typed; nothing of it from a manifest. */
export interface EndpointSettings {
    /** `traces` when absent. */
    readonly signal?: Signal;
    /** Take the endpoint from OTEL_* variables when none is given. */
    readonly fromEnvironment: boolean;
    readonly endpoint?: string;
    /** `key=value,key=value`, percent-decoded. */
    readonly headers?: string;
    readonly protocol?: Protocol;
}
/** Where and how to send, ready to use; or a sentence that says why not. */
export type Endpoint = {
    readonly state: 'ready';
    readonly signal: Signal;
    readonly url: URL;
    readonly headers: Readonly<Record<string, string>>;
    readonly protocol: Protocol;
    readonly gzip: boolean;
    /** Milliseconds one request may take. */
    readonly requestTimeout: number;
    /** Paths of PEM files, as typed. */
    readonly tls: {
        readonly ca?: string;
        readonly key?: string;
        readonly cert?: string;
    };
    readonly notices: readonly string[];
} | {
    readonly state: 'absent';
    readonly notices: readonly string[];
} | {
    readonly state: 'refused';
    readonly reason: string;
    readonly notices: readonly string[];
};
type Env = Readonly<Record<string, string | undefined>>;
/**
 * Judges the endpoint before anything is sent (otel.md §3.4, §0.6): an endpoint that the stock exporter would quietly replace by localhost is refused with a
 * sentence. The input beats the variables; among them the one for the signal beats the general one, headers key by key. Metrics go to `/v1/metrics` where
 * traces go to `/v1/traces`; an address that a variable names for one signal says nothing of the other.
 */
export declare function judgeEndpoint(settings: EndpointSettings, env: Env): Endpoint;
/** True for addresses that no receiver has and that hand out credentials: link-local ones and the metadata services of clouds. */
export declare function isForbiddenAddress(address: string): boolean;
export {};
