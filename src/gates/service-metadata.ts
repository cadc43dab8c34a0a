import { defineGate } from '../gatekeeper/define-gate.ts';
import {
  confirmation,
  count,
  fails,
  finding,
  kindOf,
  malformed,
  named,
  onboardingSpot,
  passes,
  pointer,
  targetSpot,
} from '../gatekeeper/evidence.ts';
import type { Evidence, Spot } from '../gatekeeper/gate.ts';
import { own, sectionOf } from '../gatekeeper/read-subject.ts';
import { isJsonObject, type JsonValue } from '../host/json.ts';

const KEY = 'service_metadata';

export const serviceMetadata = defineGate({
  key: 'service-metadata',
  title: 'Service metadata',
  phase: 'EXPORT_CONTRACT',
  stage: 'EXPORT_CONTRACT',
  group: 'gate-1',
  fails: { severity: 'error', blocking: true },
  asks: 'Does every service say over which protocol it is reached?',
  why: 'Health checks, clients and dashboards of a gRPC service look nothing like those of an HTTP service.',
  reads: [KEY],
  judge: (subject) => {
    const section = sectionOf(subject, KEY);
    if (section.state === 'absent') return { outcome: 'skipped', code: 'input_absent', reason: 'The export has no service metadata.' };
    if (section.state === 'malformed') {
      return fails('The service metadata cannot be read.', NEXT, [
        malformed('onboarding', `/${KEY}`, `"${KEY}" is ${kindOf(section.value)}; it must be an object of services by name.`),
      ]);
    }
    const services = Object.entries(section.value);
    const evidence = services.flatMap(([service, entry]) => faults(service, entry));
    const problems = evidence.filter((item) => item.type !== 'missing_schema_contract');
    if (problems.length > 0)
      return fails(
        `${count(problems.length, 'service')} of ${services.length} cannot be reached by what is declared: ${named(problems.map((item) => item.ref))}.`,
        NEXT,
        evidence,
      );
    // A pass keeps what there is to warn of; the confirmation belongs to a pass without it.
    if (evidence.length > 0)
      return passes(
        `Every service has a protocol; ${count(evidence.length, 'service')} ${evidence.length === 1 ? 'lacks' : 'lack'} a schema contract.`,
        [],
        evidence,
      );
    return passes(`${count(services.length, 'service')} with a protocol each.`, [
      confirmation('service_metadata_verified', KEY, `${count(services.length, 'service')}, each with its protocol.`),
    ]);
  },
});

const NEXT =
  'Declare the service in the file given with --service-metadata, e.g. {"checkout-api": {"transport_protocol": "http"}}, and export again.';

function faults(service: string, entry: JsonValue | undefined): readonly Evidence[] {
  const at: readonly Spot[] = [{ file: 'service-metadata', path: pointer(service) }, targetSpot(service), onboardingSpot(KEY, service)];
  if (!isJsonObject(entry))
    return [
      finding(
        'invalid_service_entry',
        service,
        `The entry of the service "${service}" is ${kindOf(entry)}; it must be an object with a transport_protocol.`,
        { at },
      ),
    ];
  const protocol = own(entry, 'transport_protocol');
  if (!protocol)
    return [
      finding('missing_transport_protocol', service, `The service "${service}" has no transport_protocol; name http, grpc or grpc-web.`, {
        at,
      }),
    ];
  if (typeof protocol !== 'string') {
    return [
      malformed(
        'onboarding',
        pointer(KEY, service, 'transport_protocol'),
        `The transport_protocol of "${service}" is ${kindOf(protocol)}; it must be text such as "http".`,
      ),
    ];
  }
  if (!['grpc', 'grpc-web'].includes(protocol) || own(entry, 'schema_contract')) return [];
  return [
    finding(
      'missing_schema_contract',
      service,
      `The service "${service}" speaks ${protocol} but names no schema_contract; give the path of its .proto file.`,
      { at },
    ),
  ];
}
