import { describe, expect, it } from 'vitest';
import { dnsAnswer, dnsQuery, dnsRecordCount } from '../src/agents/dns.ts';

const NAMES = { 'web.default.svc.cluster.local': ['10.96.0.80', 'fd00:10:96::50'] };

describe('the DNS server of a lab', () => {
  it('answers for a Service with its IPv4 address', () => {
    const answer = dnsAnswer(dnsQuery(7, 'Web.default.svc.cluster.local'), NAMES);
    expect(answer && dnsRecordCount(answer, 7)).toBe(1);
    expect(answer?.subarray(-4)).toEqual(Buffer.of(10, 96, 0, 80));
  });

  it('answers for a Service with its IPv6 address', () => {
    const query = dnsQuery(7, 'web.default.svc.cluster.local');
    query.writeUInt16BE(28, query.length - 4);
    expect(dnsAnswer(query, NAMES)?.subarray(-16).toString('hex')).toBe('fd000010009600000000000000000050');
  });

  it('says of other names that they do not exist', () => {
    const answer = dnsAnswer(dnsQuery(7, 'nobody.default.svc.cluster.local'), NAMES);
    expect(answer && dnsRecordCount(answer, 7)).toBe(0);
    expect((answer?.readUInt16BE(2) ?? 0) & 0xf).toBe(3);
  });

  it('does not answer what is no question', () => {
    expect(dnsAnswer(Buffer.from('who are you?\n'), NAMES)).toBeUndefined();
    expect(dnsAnswer(dnsQuery(7, 'web').subarray(0, 14), NAMES)).toBeUndefined();
  });

  it('takes no answer to another question for its own', () => {
    const answer = dnsAnswer(dnsQuery(7, 'web.default.svc.cluster.local'), NAMES);
    expect(answer && dnsRecordCount(answer, 8)).toBeUndefined();
  });
});
