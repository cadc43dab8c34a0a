import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { type Receiver, type ReceiverOptions, startReceiver } from '../../scripts/receiver.ts';

export type Receive = (behaviour?: ReceiverOptions['behaviour']) => Promise<Receiver>;

/** Starts receivers on loopback; each is closed after its test. */
export function receiving(): Receive {
  const receivers: Receiver[] = [];
  afterEach(async () => {
    await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
  });
  return async (behaviour) => {
    const receiver = await startReceiver(behaviour ? { behaviour } : {});
    receivers.push(receiver);
    return receiver;
  };
}

/** An empty directory for every test; the function tells where it lies. */
export function emptyRoot(): () => string {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'telemetry-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  return () => root;
}
