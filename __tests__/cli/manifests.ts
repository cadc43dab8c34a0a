/** A small manifest that holds most of what a manifest can hold; it is valid, and nothing of what it owes is there. */
export const SHOP = `apiVersion: contextcore.io/v1alpha2
kind: ContextManifest
metadata:
  name: shop
  owners:
    - team: shop-team
      slack: '#shop'
      email: shop@example.com
  links:
    repository: https://example.com/shop
spec:
  project:
    id: shop
    description: A shop
  business:
    criticality: high
    owner: shop-team
    value: revenue-primary
  requirements:
    availability: "99.9"
    latencyP50: 50ms
    latencyP99: 200ms
    errorBudget: "0.1"
    throughput: 100rps
  risks:
    - type: availability
      description: The database stops
      priority: P2
      mitigation: TAC-1
  targets:
    - kind: Deployment
      name: checkout-api
      namespace: commerce
    - kind: Deployment
      name: cart
      namespace: commerce
  observability:
    traceSampling: 0.1
    metricsInterval: 30s
    logLevel: info
    dashboardPlacement: featured
    alertChannels:
      - '#shop-alerts'
strategy:
  objectives:
    - id: OBJ-1
      description: Stay up
  tactics:
    - id: TAC-1
      description: Add a replica
      status: planned
      linkedObjectives: [OBJ-1]
guidance:
  questions:
    - id: Q-1
      question: Who is paged at night?
      status: open
      priority: high
`;

/** The least that is valid. */
export const MINIMAL = `apiVersion: contextcore.io/v1alpha2
kind: ContextManifest
metadata:
  name: shop
spec:
  project:
    id: shop
  business:
    criticality: medium
  targets:
    - kind: Deployment
      name: checkout-api
`;
