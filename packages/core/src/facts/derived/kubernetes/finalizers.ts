/** What is known about a finalizer: who removes it, and what stays behind when it is removed by force. */
export interface FinalizerOwner {
  readonly owner: string;
  readonly leavesBehind: string;
  /** Recognises an image of the owner; absent where it is part of the control plane. */
  readonly image?: RegExp;
}

const AWS: Omit<FinalizerOwner, 'leavesBehind'> = {
  owner: 'AWS Load Balancer Controller',
  image: /aws-load-balancer-controller|aws-alb-ingress-controller/,
};

const OWNERS: readonly (readonly [RegExp, FinalizerOwner])[] = [
  [
    /^service\.kubernetes\.io\/load-balancer-cleanup$/,
    {
      owner: 'service controller of the cloud controller manager',
      leavesBehind: 'the cloud load balancer, its health checks, firewall rules and reserved address',
      image: /cloud-controller-manager|cloud-provider|ccm/,
    },
  ],
  [
    /^(service\.k8s\.aws|elbv2\.k8s\.aws)\/resources$/,
    { ...AWS, leavesBehind: 'the network load balancer, target groups and security group rules' },
  ],
  [
    /^(ingress\.k8s\.aws\/resources|group\.ingress\.k8s\.aws\/.+)$/,
    { ...AWS, leavesBehind: 'the application load balancer and shared security groups' },
  ],
  [
    /^networking\.gke\.io\/ingress-finalizer/,
    {
      owner: 'GKE ingress controller',
      leavesBehind: 'forwarding rules, backend services and network endpoint groups',
      image: /ingress-gce/,
    },
  ],
  [
    /^(foregroundDeletion|orphan)$/,
    { owner: 'garbage collector of kube-controller-manager', leavesBehind: 'dependent objects' },
  ],
  [
    /^kubernetes\.io\/(pvc|pv)-protection$/,
    { owner: 'kube-controller-manager', leavesBehind: 'a volume that a pod still uses' },
  ],
  [
    /^customresourcecleanup\.apiextensions\.k8s\.io$/,
    { owner: 'API server', leavesBehind: 'instances of the custom resource' },
  ],
];

/** The owner of a finalizer: a known one, else the operator that the domain in front of the slash names. */
export function ownerOfFinalizer(finalizer: string): FinalizerOwner {
  const known = OWNERS.find(([pattern]) => pattern.test(finalizer));
  if (known !== undefined) return known[1];
  const [domain = ''] = finalizer.split('/');
  return {
    owner: finalizer.includes('/') ? `the operator of ${domain}` : `whoever uses the name ${finalizer}`,
    leavesBehind: 'whatever it manages',
  };
}
