import { type Parsed, ProblemLog } from '../parsed.ts';
import { parseYamlDocuments } from '../yaml/index.ts';

/** The settings of a kubelet. */
export interface KubeletConfig {
  readonly apiVersion?: string;
  /** All settings as written, `kind` and `apiVersion` included. A setting that is absent has the kubelet's default. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The line of a setting, `['featureGates', 'KubeletInUserNamespace']`; `undefined` when it is not set. */
  lineOf(path: readonly (string | number)[]): number | undefined;
}

/**
 * Reads a `KubeletConfiguration`, as `/var/lib/kubelet/config.yaml` or as the JSON answer of the kubelet's `/configz`.
 *
 * ```yaml
 * apiVersion: kubelet.config.k8s.io/v1beta1
 * kind: KubeletConfiguration
 * cgroupDriver: systemd
 * ```
 * gives `{ apiVersion: 'kubelet.config.k8s.io/v1beta1', settings: { cgroupDriver: 'systemd', … } }`.
 */
export function parseKubeletConfig(text: string): Parsed<KubeletConfig | undefined> {
  const { value: documents, problems: yamlProblems } = parseYamlDocuments(text);
  const problems = new ProblemLog();
  let found: KubeletConfig | undefined;
  for (const document of documents) {
    const prefix =
      isRecord(document.value) && isRecord(document.value.kubeletconfig) ? ['kubeletconfig'] : [];
    const settings =
      prefix.length > 0 && isRecord(document.value) ? document.value.kubeletconfig : document.value;
    const line = document.lineOf([]);
    const place = line === undefined ? {} : { line };
    // The answer of /configz has no kind.
    if (!isRecord(settings) || (prefix.length === 0 && settings.kind !== 'KubeletConfiguration')) {
      problems.add(place, 'not a KubeletConfiguration');
    } else if (found !== undefined) {
      problems.add(place, 'a second KubeletConfiguration');
    } else {
      const { apiVersion } = settings;
      found = {
        ...(typeof apiVersion === 'string' ? { apiVersion } : {}),
        settings,
        lineOf: (path) => document.lineOf([...prefix, ...path]),
      };
    }
  }
  return { value: found, problems: [...yamlProblems, ...problems.list()] };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
