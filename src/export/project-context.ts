import type { Manifest, Security } from '../manifest/manifest.ts';
import type { Document } from './document.ts';
import { float } from './float.ts';

/** `{P}-projectcontext.yaml`: the manifest's operational half as a Kubernetes-style resource (export.md §6). A literal: key on the left, field on the right. */
export function projectContext({ metadata, spec }: Manifest, namespace: string): Document {
  const { project, design, business, requirements, risks, targets, observability, security } = spec;
  return {
    apiVersion: 'contextcore.io/v1',
    kind: 'ProjectContext',
    metadata: { name: metadata.name, namespace },
    spec: {
      project: { id: project.id, epic: project.epic, tasks: project.tasks, traceId: project.traceId },
      design: design && { doc: design.doc, adr: design.adr, apiContract: design.apiContract, diagrams: design.diagrams },
      business: business && {
        criticality: business.criticality,
        value: business.value,
        owner: business.owner,
        costCenter: business.costCenter,
        stakeholders: business.stakeholders,
      },
      requirements: requirements && {
        availability: requirements.availability,
        latencyP50: requirements.latencyP50,
        latencyP99: requirements.latencyP99,
        errorBudget: requirements.errorBudget,
        throughput: requirements.throughput,
        source: requirements.source,
      },
      risks: risks.map(({ type, description, priority, mitigation, controls }) => ({ type, description, priority, mitigation, controls })),
      targets: targets.map(({ kind, name, namespace }) => ({ kind, name, namespace })),
      observability: observability && {
        traceSampling: observability.traceSampling === undefined ? undefined : float(observability.traceSampling),
        metricsInterval: observability.metricsInterval,
        logLevel: observability.logLevel,
        dashboardPlacement: observability.dashboardPlacement,
        alertChannels: observability.alertChannels,
        runbook: observability.runbook,
      },
      security: security && { sensitivity: security.sensitivity, dataStores: security.dataStores.map(dataStore) },
    },
  };
}

function dataStore(store: Security['dataStores'][number]): Document {
  const { id, type, clientLibrary, credentialSource, sensitivity, accessPolicy } = store;
  return {
    id,
    type,
    clientLibrary,
    credentialSource,
    sensitivity,
    accessPolicy: accessPolicy && {
      allowedPrincipals: accessPolicy.allowedPrincipals,
      requiredRole: accessPolicy.requiredRole,
      auditAccess: accessPolicy.auditAccess,
    },
  };
}
