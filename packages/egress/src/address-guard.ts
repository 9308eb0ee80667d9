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

/** All that is assigned as global unicast ("IPv6 Global Unicast Address Assignments", IANA); what is outside is something else. */
const globalUnicast = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];
/** Special within it: for protocols (Teredo and others carry IPv4 addresses), for documentation. */
const special = ['2001::/23', '3fff::/20'].map((range) => ipaddr.parseCIDR(range) as [ipaddr.IPv6, number]);

const isPublic = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  address.range() === 'unicast' &&
  address.toString() !== azureWireServer &&
  (address.kind() === 'ipv4' ||
    ((address as ipaddr.IPv6).match(...globalUnicast) &&
      !special.some((range) => (address as ipaddr.IPv6).match(...range))));

/**
 * Whether an address may be dialled: public unicast, or an exception. Forms of IPv6 that carry an IPv4 address (compatible, NAT64, 6to4,
 * Teredo) are no public unicast; the mapped form is judged by what it carries.
 */
export function mayDial(address: string, exceptions: Exceptions): boolean {
  return ipaddr.isValid(address) && (isException(address, exceptions) || isPublic(ipaddr.process(address)));
}

/** Whether the operator named a range that an address is in. */
export function isException(address: string, { ranges }: Exceptions): boolean {
  const dialled = ipaddr.process(address);
  return ranges.some(([range, bits]) => range.kind() === dialled.kind() && dialled.match(range, bits));
}
