/*
 * Reports of sos (`sos report`, sosreport): outputs in sos_commands/<plugin>/<command, spaces as underscores>, files of the host under
 * their own paths. One host in each.
 * Sources: sosreport/sos, sos/report/plugins/{kernel,networking,firewall_tables,conntrack,ipvs,systemd,logs,openvswitch}.py;
 * `_mangle_command` in sos/report/plugins/__init__.py; the name of the folder in sos/policies/__init__.py
 */
import type { Layout, LayoutKind, Placement } from '../../layout/layout.ts';
import { below, rootOf } from '../roots.ts';
import { commandFile } from './commands.ts';
import { hostFile } from './host-files.ts';

/** A report of sos. */
export const sos: LayoutKind = {
  id: 'sos',
  title: 'sos report',
  recognise: (path) => rootOf(path, /^sos_commands\/[^/]+\/./),
  open: (root) => new SosLayout(root),
};

class SosLayout implements Layout {
  readonly #root: string;
  readonly #node: string;

  constructor(root: string) {
    this.#root = root;
    this.#node = nodeOf(root);
  }

  place(path: string): Placement | undefined {
    const inside = below(this.#root, path);
    if (inside === undefined) return undefined;
    const file = commandFile(inside) ?? hostFile(inside);
    return file === undefined ? undefined : { path: `${this.#node}/${file}`, shownAs: path };
  }
}

/** The folder is called sosreport-<host>[-<label>][-<case>]-<date>-<random>. */
function nodeOf(root: string): string {
  const name = /^sosreport-(.+)-\d{4}-\d{2}-\d{2}-[a-z0-9]+\/$/.exec(root)?.[1];
  return name === undefined ? 'node' : `nodes/${name}`;
}
