// Whether an address is one of this machine's own loopback.

/** `address`: 4 bytes of IPv4, or 16 of IPv6, where IPv4 may be mapped. Any other length is no address, and false. */
export function isLoopback(address: Uint8Array): boolean {
  if (address.length === 4) return address[0] === 127;
  if (address.length !== 16) return false;
  const zeros = address.findIndex((byte) => byte !== 0);
  if (zeros === 15) return address[15] === 1;
  return zeros === 10 && address[10] === 0xff && address[11] === 0xff && address[12] === 127;
}
