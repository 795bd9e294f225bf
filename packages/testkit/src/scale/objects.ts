/** Sizes of a generated cluster. */
export interface ScaleOptions {
  readonly nodes: number;
  readonly pods: number;
  readonly services: number;
  /** In how many ways the evidence of nodes differs. */
  readonly nodeKinds: number;
}

const WORKLOADS = 600;

export function nodeName(index: number): string {
  return `worker-${String(index).padStart(5, '0')}`;
}

function podAddress(index: number): string {
  return `10.${128 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
}

/** What the API server adds to every object and nobody reads; a third of the bytes of a real list. */
function managedFields(manager: string): unknown {
  const fields = Object.fromEntries(
    [
      'containers',
      'dnsPolicy',
      'enableServiceLinks',
      'restartPolicy',
      'schedulerName',
      'securityContext',
    ].map((name) => [
      `f:${name}`,
      {
        'f:terminationGracePeriodSeconds': {},
        'k:{"name":"main"}': { '.': {}, 'f:image': {}, 'f:name': {} },
      },
    ]),
  );
  return [
    {
      manager,
      operation: 'Update',
      apiVersion: 'v1',
      time: '2026-10-01T08:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': fields },
    },
    {
      manager: 'kubelet',
      operation: 'Update',
      apiVersion: 'v1',
      time: '2026-10-01T08:00:09Z',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:status': fields },
      subresource: 'status',
    },
  ];
}

/** A pod as the API server lists it, about 5 kB of JSON. The first pods of the list are one kube-proxy per node. */
export function makePod(index: number, { nodes }: ScaleOptions): unknown {
  const system = index < nodes;
  const workload = index % WORKLOADS;
  const name = system ? `kube-proxy-${index.toString(36)}` : `app-${workload}-${index.toString(36)}`;
  const node = nodeName(index % nodes);
  const suffix = index.toString(36).padStart(5, 'x');
  const image = system
    ? 'registry.k8s.io/kube-proxy:v1.27.3'
    : `registry.example.com/team-${workload % 40}/app-${workload}:1.${workload % 9}.0`;
  const container = system ? 'kube-proxy' : 'main';
  return {
    metadata: {
      name,
      namespace: system ? 'kube-system' : `team-${workload % 40}`,
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      resourceVersion: String(1_000_000 + index),
      creationTimestamp: '2026-10-01T08:00:00Z',
      labels: { app: `app-${workload}`, 'pod-template-hash': `5d4f8c7b${workload}` },
      annotations: {
        'cni.projectcalico.org/podIP': `${podAddress(index)}/32`,
        'prometheus.io/scrape': 'true',
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: system ? 'DaemonSet' : 'ReplicaSet',
          name: `app-${workload}-5d4f8c7b`,
          uid: `11111111-0000-4000-8000-${String(workload).padStart(12, '0')}`,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: managedFields('kube-controller-manager'),
    },
    spec: {
      nodeName: node,
      volumes: [
        {
          name: `kube-api-access-${suffix}`,
          projected: {
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            ],
            defaultMode: 420,
          },
        },
      ],
      containers: [
        {
          name: container,
          image,
          args: ['--config=/etc/app/config.yaml', `--shard=${workload}`],
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          env: Array.from({ length: 8 }, (_, at) => ({
            name: `SETTING_${at}`,
            value: `value-${workload}-${at}`,
          })),
          resources: { limits: { cpu: '1', memory: '512Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
          volumeMounts: [
            {
              name: `kube-api-access-${suffix}`,
              readOnly: true,
              mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
            },
          ],
          livenessProbe: {
            httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
            timeoutSeconds: 1,
            periodSeconds: 10,
            successThreshold: 1,
            failureThreshold: 3,
          },
          readinessProbe: {
            httpGet: { path: '/readyz', port: 8080, scheme: 'HTTP' },
            timeoutSeconds: 1,
            periodSeconds: 10,
            successThreshold: 1,
            failureThreshold: 3,
          },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      securityContext: {},
      schedulerName: 'default-scheduler',
      tolerations: [
        {
          key: 'node.kubernetes.io/not-ready',
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 300,
        },
      ],
      priority: 0,
      enableServiceLinks: true,
    },
    status: {
      phase: 'Running',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: '2026-10-01T08:00:09Z',
      })),
      hostIP: `172.16.${(index % nodes) >> 8}.${(index % nodes) & 255}`,
      podIP: podAddress(index),
      podIPs: [{ ip: podAddress(index) }],
      startTime: '2026-10-01T08:00:00Z',
      containerStatuses: [
        {
          name: container,
          state: { running: { startedAt: '2026-10-01T08:00:08Z' } },
          lastState: {},
          ready: true,
          restartCount: 0,
          image,
          imageID: `${image.split(':')[0]}@sha256:${'0'.repeat(50)}${String(workload).padStart(14, '0')}`,
          containerID: `containerd://${String(index).padStart(64, '0')}`,
          started: true,
        },
      ],
      qosClass: 'Burstable',
    },
  };
}

export function makeService(index: number): unknown {
  return {
    metadata: {
      name: `svc-${index}`,
      namespace: `team-${index % 40}`,
      uid: `22222222-0000-4000-8000-${String(index).padStart(12, '0')}`,
      labels: { app: `app-${index % WORKLOADS}` },
      managedFields: managedFields('kubectl'),
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: `10.96.${index >> 8}.${index & 255}`,
      clusterIPs: [`10.96.${index >> 8}.${index & 255}`],
      ipFamilies: ['IPv4'],
      ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
      selector: { app: `app-${index % WORKLOADS}` },
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
    },
    status: { loadBalancer: {} },
  };
}

export function makeNode(index: number): unknown {
  const name = nodeName(index);
  return {
    metadata: {
      name,
      uid: `33333333-0000-4000-8000-${String(index).padStart(12, '0')}`,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/zone': `zone-${index % 3}`,
      },
      managedFields: managedFields('kubelet'),
    },
    spec: { podCIDR: `10.${128 + (index >> 8)}.${index & 255}.0/24` },
    status: {
      addresses: [
        { type: 'InternalIP', address: `172.16.${index >> 8}.${index & 255}` },
        { type: 'Hostname', address: name },
      ],
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
      nodeInfo: {
        kernelVersion: '4.18.0-305.el8.x86_64',
        osImage: 'Rocky Linux 8.4',
        containerRuntimeVersion: 'containerd://1.6.20',
        kubeletVersion: 'v1.27.3',
        kubeProxyVersion: 'v1.27.3',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
      images: Array.from({ length: 20 }, (_, at) => ({
        names: [`registry.example.com/team-${at}/app-${at}:1.0.0`],
        sizeBytes: 100_000_000 + at,
      })),
    },
  };
}
