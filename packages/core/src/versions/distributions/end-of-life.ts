import { distributionOf } from './identity.ts';

/** When a release stops getting updates from its maintainers. */
export interface EndOfLife {
  /** Last day of standard support, `2024-06-30`. */
  readonly date: string;
  /** Updates that go on for some users, mostly paid for. */
  readonly extended?: { readonly date: string; readonly program: string };
  /** Page with the dates. */
  readonly source: string;
}

interface Row {
  readonly date: string;
  readonly extended?: readonly [date: string, program: string];
}

/** By distribution id and release, as `distributionOf` names them. Dates as listed in August 2026. */
const TABLE: Readonly<
  Record<string, { readonly page: string; readonly releases: Readonly<Record<string, Row>> }>
> = {
  rhel: {
    page: 'rhel',
    releases: {
      7: { date: '2024-06-30', extended: ['2029-05-31', 'Extended Life Cycle Support'] },
      8: { date: '2029-05-31' },
      9: { date: '2032-05-31' },
      10: { date: '2035-05-31' },
    },
  },
  centos: { page: 'centos', releases: { 7: { date: '2024-06-30' }, 8: { date: '2021-12-31' } } },
  'centos-stream': {
    page: 'centos-stream',
    releases: { 8: { date: '2024-05-31' }, 9: { date: '2027-05-31' }, 10: { date: '2030-05-31' } },
  },
  rocky: { page: 'rocky-linux', releases: { 9: { date: '2032-05-31' }, 10: { date: '2035-05-31' } } },
  almalinux: { page: 'almalinux', releases: { 9: { date: '2032-05-31' }, 10: { date: '2035-05-31' } } },
  ol: {
    page: 'oracle-linux',
    releases: { 7: { date: '2024-12-31' }, 8: { date: '2029-07-31' }, 9: { date: '2032-06-30' } },
  },
  fedora: {
    page: 'fedora',
    releases: {
      32: { date: '2021-05-25' },
      33: { date: '2021-11-30' },
      34: { date: '2022-06-07' },
      35: { date: '2022-12-13' },
      36: { date: '2023-05-16' },
      37: { date: '2023-12-05' },
      38: { date: '2024-05-21' },
      39: { date: '2024-11-26' },
      40: { date: '2025-05-13' },
      41: { date: '2025-12-15' },
      42: { date: '2026-05-27' },
      43: { date: '2026-12-09' },
    },
  },
  ubuntu: {
    page: 'ubuntu',
    releases: {
      '16.04': { date: '2021-04-02', extended: ['2026-04-02', 'Expanded Security Maintenance'] },
      '18.04': { date: '2023-05-31', extended: ['2028-04-01', 'Expanded Security Maintenance'] },
      '20.04': { date: '2025-05-31', extended: ['2030-04-02', 'Expanded Security Maintenance'] },
      '20.10': { date: '2021-07-22' },
      '21.04': { date: '2022-01-20' },
      '21.10': { date: '2022-07-14' },
      '22.04': { date: '2027-04-01', extended: ['2032-04-09', 'Expanded Security Maintenance'] },
      '22.10': { date: '2023-07-20' },
      '23.04': { date: '2024-01-20' },
      '23.10': { date: '2024-07-12' },
      '24.04': { date: '2029-05-31', extended: ['2036-05-31', 'Expanded Security Maintenance'] },
      '24.10': { date: '2025-07-10' },
      '25.04': { date: '2026-01-17' },
      '25.10': { date: '2026-07-01' },
      '26.04': { date: '2031-04-30', extended: ['2036-04-30', 'Expanded Security Maintenance'] },
    },
  },
  debian: {
    page: 'debian',
    releases: {
      9: { date: '2020-07-18', extended: ['2022-07-01', 'LTS'] },
      10: { date: '2022-09-10', extended: ['2024-06-30', 'LTS'] },
      11: { date: '2024-08-14', extended: ['2026-08-31', 'LTS'] },
      12: { date: '2026-07-11', extended: ['2028-06-30', 'LTS'] },
      13: { date: '2028-08-09', extended: ['2030-06-30', 'LTS'] },
    },
  },
  sles: {
    page: 'sles',
    releases: {
      '12.5': { date: '2024-10-31', extended: ['2027-10-31', 'Long Term Service Pack Support'] },
      '15.2': { date: '2021-12-31', extended: ['2024-12-31', 'Long Term Service Pack Support'] },
      '15.3': { date: '2022-12-31', extended: ['2025-12-31', 'Long Term Service Pack Support'] },
      '15.4': { date: '2023-12-31', extended: ['2026-12-31', 'Long Term Service Pack Support'] },
      '15.5': { date: '2024-12-31', extended: ['2027-12-31', 'Long Term Service Pack Support'] },
      '15.6': { date: '2025-12-31' },
      '15.7': { date: '2031-07-31' },
      '16.0': { date: '2027-11-30' },
    },
  },
  'opensuse-leap': {
    page: 'opensuse',
    releases: {
      '15.2': { date: '2022-01-04' },
      '15.3': { date: '2022-12-31' },
      '15.4': { date: '2023-12-07' },
      '15.5': { date: '2024-12-31' },
      '15.6': { date: '2026-04-30' },
      '16.0': { date: '2027-10-31' },
    },
  },
  amzn: { page: 'amazon-linux', releases: { 2: { date: '2026-06-30' }, 2023: { date: '2029-06-30' } } },
  photon: {
    page: 'photon',
    releases: {
      '1.0': { date: '2022-02-28' },
      '2.0': { date: '2022-12-01' },
      '3.0': { date: '2025-10-02' },
      '4.0': { date: '2027-10-11' },
    },
  },
};

/** CoreOS Container Linux ended as a whole. */
const COREOS: EndOfLife = {
  date: '2020-05-26',
  source:
    'https://www.flatcar.org/blog/2020/02/flatcar-container-linux-enters-new-era-after-coreos-end-of-life-announcement/',
};

/**
 * When standard support of a distribution release ends or ended; `undefined` if no date is known, and for rolling releases.
 * Takes `ID` and `VERSION_ID` of os-release; CentOS Stream is `centos-stream` (see `distributionOf`).
 */
export function endOfLife(osId: string, versionId: string | undefined): EndOfLife | undefined {
  const { id, release } = distributionOf(versionId === undefined ? { id: osId } : { id: osId, versionId });
  if (id === 'coreos') return COREOS;
  const distribution = Object.hasOwn(TABLE, id) ? TABLE[id] : undefined;
  const row = release === undefined ? undefined : distribution?.releases[release];
  if (distribution === undefined || row === undefined) return undefined;
  return {
    date: row.date,
    ...(row.extended === undefined ? {} : { extended: { date: row.extended[0], program: row.extended[1] } }),
    source: `https://endoflife.date/${distribution.page}`,
  };
}
