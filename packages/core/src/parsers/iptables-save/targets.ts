/**
 * Names after `-j` that are not chains: verdicts, and the target extensions of iptables, of xtables-addons and of
 * well-known patches. A dump declares all its chains, so any other undeclared name means that chains are missing.
 */
const TARGETS: ReadonlySet<string> = new Set(
  `ACCEPT DROP RETURN QUEUE
  AUDIT BALANCE CHECKSUM CLASSIFY CLUSTERIP CONNMARK CONNSECMARK CT DNAT DNPT DSCP ECN FLOWOFFLOAD FULLCONENAT HL HMARK
  IDLETIMER LED LOG MARK MASQUERADE MIRROR NETFLOW NETMAP NFLOG NFQUEUE NOTRACK QUOTA2 RATEEST REDIRECT REJECT SAME SECMARK
  SET SNAT SNPT SYNPROXY TCPMSS TCPOPTSTRIP TEE TOS TPROXY TRACE TTL ULOG
  ACCOUNT CHAOS DELUDE DHCPMAC DNETMAP ECHO IPMARK LOGMARK PROTO RAWDNAT RAWSNAT ROUTE STEAL SYSRQ TARPIT XOR
  standard ERROR`.split(/\s+/),
);

/** Whether a name after `-j` is a verdict or a target extension rather than a chain. */
export function isTargetExtension(name: string): boolean {
  return TARGETS.has(name);
}
