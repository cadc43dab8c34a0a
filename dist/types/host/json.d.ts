/** A parsed JSON value. Objects are data: keys such as `__proto__` are ordinary keys of null-prototype or plain objects and are never merged. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
    readonly [key: string]: JsonValue | undefined;
}
/** True for a JSON object: neither null nor an array. */
export declare function isJsonObject(value: unknown): value is JsonObject;
