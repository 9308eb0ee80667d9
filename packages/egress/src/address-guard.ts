import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Ranges and host names that may be called although they are not public. */
export interface Exceptions {
  readonly ranges: readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];
  /** Lower case, without trailing dot. */
  readonly hosts: ReadonlySet<string>;
}

/** Azure's wire server, reachable from every virtual machine there though its address looks public. */
const azureWireServer = '168.63.129.16';

/**
 * Reads an operator's list: CIDRs (`10.1.0.0/16`, `fd00::/8`), addresses and host names.
 *
 * @throws RangeError naming the entry that is none of these
 */
export function readExceptions(entries: readonly string[]): Exceptions {
  const ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];
  const hosts = new Set<string>();
  for (const entry of entries) {
    if (ipaddr.isValidCIDR(entry)) ranges.push(ipaddr.parseCIDR(entry));
    else if (isIP(entry) !== 0) {
      const address = ipaddr.parse(entry);
      ranges.push([address, address.kind() === 'ipv4' ? 32 : 128]);
    } else if (/^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?)*$/i.test(entry))
      hosts.add(entry.toLowerCase());
    else throw new RangeError(`'${entry}' is neither a CIDR nor a host name`);
  }
  return { ranges, hosts };
}

/**
 * Whether an address may be dialled: public unicast, or an exception. Forms of IPv6 that carry an IPv4 address (mapped, NAT64, 6to4,
 * Teredo) are no public unicast for `ipaddr.js`; the mapped form is judged by what it carries.
 */
export function mayDial(address: string, { ranges }: Exceptions): boolean {
  if (!ipaddr.isValid(address)) return false;
  const dialled = ipaddr.process(address);
  const isException = ranges.some(([range, bits]) => range.kind() === dialled.kind() && dialled.match(range, bits));
  return isException || (dialled.range() === 'unicast' && dialled.toString() !== azureWireServer);
}
