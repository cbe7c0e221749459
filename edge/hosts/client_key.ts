/** Groups of an IPv6 address that name a subnet; within it everybody chooses the rest (RFC 4291, section 2.5.1). */
const SUBNET_GROUPS = 4;

/** What stands before an IPv4 address in an IPv6 one (RFC 4291, section 2.5.5.2). */
const MAPPED = "0:0:0:0:0:ffff";

/** A port or zone after an address, and the brackets that they need. */
const BESIDES = /^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$|%.*$/;

/**
 * Who asks, for the limit of the rate: an IPv4 address, or the first 64 bits of an IPv6 address, since whoever has one has
 * 2⁶⁴ of them. An IPv4 address in an IPv6 one is that IPv4 address.
 *
 * @param address What the connection or a proxy says; what is no address is left as it is.
 */
export function clientKey(address: string): string {
  const bare = address.replace(BESIDES, "$1$2");
  const groups = ipv6Groups(bare);
  if (groups === undefined) return bare;
  if (groups.slice(0, 6).join(":") !== MAPPED) {
    return `${groups.slice(0, SUBNET_GROUPS).join(":")}::/64`;
  }
  return groups.slice(6).map((group) => parseInt(group, 16))
    .flatMap((bits) => [bits >> 8, bits & 255]).join(".");
}

/** The eight groups of an IPv6 address, in hexadecimal digits; undefined for anything else. */
function ipv6Groups(address: string): string[] | undefined {
  const url = `http://[${address}]`;
  if (!address.includes(":") || !URL.canParse(url)) return undefined;
  const { hostname } = new URL(url); // the one spelling of an address
  const [left, right = []] = hostname.slice(1, -1).split("::")
    .map((part) => part.split(":").filter(Boolean)) as [string[], string[]?];
  const zeros = Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right];
}
