import { jest } from '@jest/globals';

// A backend on a busy machine may answer before it has indexed what it took. The first failure is printed; a second one counts.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
