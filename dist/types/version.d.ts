/** The version of this package; held equal to package.json by a test. */
export declare const version = "1.0.0";
