import type { Finding } from '../../model/finding.ts';
import type { Issue } from '../../model/issue.ts';

/** Markup of every format, ANSI and other control characters, turned-around text, emoji, CJK, half a surrogate pair. */
export const HOSTILE = [
  '<script>alert(1)</script>"><img src=x onerror=alert(2)>\'&amp;',
  ']]><!-- <?xml?> --> </failure>',
  '`x` **b** | c | [l](javascript:alert(3)) ![i](http://e.example/i.png) @everyone #1 ~~~ $x$',
  '\u001b[31mred\u001b]8;;http://e.example\u0007link\u001b]8;;\u0007 \u009b2J\u0000\u0007\u007f\r\ttab',
  'line one\nline two\u2028three',
  '\u202Eevil\u202C \u2066isolate\u2069 \u200Bzero\uFEFF \u{E0041}tag',
  '\u{1F9D1}\u200D\u{1F4BB} \u{1F6A8}\u{20BB7} \u8282\u70B9\u4E00 e\u0301 \uD800 \uFFFE',
].join('\n');

const LONG = `${'very-long-name-'.repeat(20)}end`;

export function hostileIssues(): readonly Issue[] {
  return [
    {
      id: `calico/${HOSTILE}`,
      title: HOSTILE,
      severity: 'critical',
      summary: HOSTILE,
      mechanism: HOSTILE,
      symptoms: [{ kind: 'log', text: HOSTILE, pattern: HOSTILE, where: HOSTILE }],
      scope: { subject: 'node' },
      remedies: [],
      verify: [HOSTILE],
      references: [HOSTILE, 'javascript:alert(4)', 'https://example.org/"><script>alert(5)</script>'],
      confidence: [],
    },
  ];
}

export function hostileFindings(): readonly Finding[] {
  const shared = {
    severity: 'critical',
    because: [
      {
        condition: HOSTILE,
        result: 'yes',
        fact: HOSTILE,
        value: HOSTILE,
        evidence: [
          { file: `nodes/${HOSTILE}/uname.txt`, line: 1 },
          { file: `${LONG}/${LONG}`, pointer: `/${HOSTILE}` },
        ],
        uncertain: HOSTILE,
      },
    ],
    missing: [],
    remedies: [],
  } as const;
  return [
    {
      ...shared,
      issue: `calico/${HOSTILE}`,
      subject: { kind: 'node', name: HOSTILE },
      verdict: 'affected',
      basis: 'suspected',
      remedies: [
        {
          kind: 'node-file',
          text: HOSTILE,
          component: HOSTILE,
          to: HOSTILE,
          command: `echo ${HOSTILE}`,
          files: [{ path: HOSTILE, content: HOSTILE }],
          sideEffects: HOSTILE,
          persistence: HOSTILE,
          needs: HOSTILE,
        },
      ],
    },
    {
      ...shared,
      issue: `calico/${HOSTILE}`,
      subject: { kind: 'node', name: LONG },
      verdict: 'affected',
      basis: 'observed',
    },
    {
      ...shared,
      issue: `os/${LONG}`,
      subject: { kind: 'object', name: HOSTILE, objectKind: HOSTILE, apiVersion: HOSTILE },
      verdict: 'mitigated',
    },
    {
      ...shared,
      issue: 'os/undecided',
      subject: { kind: 'pod', name: HOSTILE },
      verdict: 'unknown',
      missing: [{ fact: HOSTILE, command: HOSTILE, where: `node ${HOSTILE}` }],
    },
  ];
}
