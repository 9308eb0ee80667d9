import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { isException, mayDial, type Exceptions } from './address-guard.ts';

/** Told apart from other failures: trying again can't help. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

const forbidden = (host: string): ForbiddenAddressError =>
  new ForbiddenAddressError(
    `the host '${host}' is a private or reserved address; the operator can allow it with ZEKT_EGRESS_ALLOW`,
  );

/** Every address of a name. */
export type Lookup = (
  host: string,
  options: LookupOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const allAddresses: Lookup = (host, options, done) => systemLookup(host, { ...options, all: true }, done);

/** Names that mean this machine whatever a resolver says ("Special-Use Domain Names", RFC 6761, section 6.3). */
const isLocalName = (host: string): boolean => /(?:^|\.)localhost\.?$/i.test(host);

/** Decides which addresses may be dialled, and which hosts somebody else may dial for us. */
export class AddressGuard {
  readonly #exceptions: Exceptions;
  readonly #lookup: Lookup;

  constructor(exceptions: Exceptions, lookup: Lookup = allAddresses) {
    this.#exceptions = exceptions;
    this.#lookup = lookup;
  }

  /**
   * For a host that is written as an address: it is never looked up.
   *
   * @throws ForbiddenAddressError
   */
  checkLiteral(host: string): void {
    if (isIP(host) !== 0 && !mayDial(host, this.#exceptions)) throw forbidden(host);
  }

  /**
   * For a host that a proxy will look up: what can be told from its name.
   *
   * @throws ForbiddenAddressError
   */
  checkBehindProxy(host: string): void {
    this.checkLiteral(host);
    if (isLocalName(host) && !this.#exceptions.hosts.has(host.toLowerCase())) throw forbidden(host);
  }

  /**
   * For a client that looks up and dials by itself: only what the operator named, by name or as an address.
   *
   * @throws ForbiddenAddressError
   */
  requireException(host: string): void {
    const { hosts } = this.#exceptions;
    if (hosts.has(host.toLowerCase())) return;
    if (isIP(host) === 0 || !isException(host, this.#exceptions)) throw forbidden(host);
  }

  /** Looks a name up, and gives only addresses that may be dialled. For `net.connect` and `tls.connect`. */
  readonly lookup: Lookup = (host, options, done) => {
    this.#lookup(host, options, (error, addresses) => {
      if (error) {
        done(error, []);
        return;
      }
      const isException = this.#exceptions.hosts.has(host.toLowerCase().replace(/\.$/, ''));
      const allowed = isException ? addresses : addresses.filter(({ address }) => mayDial(address, this.#exceptions));
      if (allowed.length === 0) done(forbidden(host), []);
      else done(null, allowed);
    });
  };

  /**
   * One address of a host that may be dialled: for clients that dial by themselves.
   *
   * @throws ForbiddenAddressError, or what the look-up threw
   */
  resolve(host: string): Promise<string> {
    if (isIP(host) !== 0) {
      this.checkLiteral(host);
      return Promise.resolve(host);
    }
    return new Promise((resolve, reject) => {
      this.lookup(host, { all: true }, (error, [first]) => {
        if (error ?? !first) reject(error ?? forbidden(host));
        else resolve(first.address);
      });
    });
  }

  /** The guard looks at the address that is dialled, after the name was resolved: a name that changes its mind gains nothing. */
  connector(options: buildConnector.BuildOptions): buildConnector.connector {
    const dial = buildConnector({ ...options, lookup: this.lookup });
    return (target, callback) => {
      try {
        this.checkLiteral(target.hostname.replace(/^\[|\]$/g, ''));
      } catch (error) {
        callback(error as Error, null);
        return;
      }
      dial(target, callback);
    };
  }
}
