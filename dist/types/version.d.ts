/** The version of this package; held equal to package.json by a test. */
export declare const version = "1.0.0";
/** The oldest major version of Node.js that will do, held equal to `engines` of package.json by a test. Commands that an older one happens to run are not refused. */
export declare const oldestNode = 24;
