// Media that are known by their SHA-256, so that "arrived whole" can be said without a hash from the admin. Each value was
// found alike in at least three independent public repositories that download and check the file (Packer templates,
// package recipes); the publisher's own pages print none. Pure.

const KNOWN: Readonly<Record<string, string>> = {
  '6612b5b1f53e845aacdf96e974bb119a3d9b4dcb5b82e65804ab7e534dc7b4d5':
    'Windows Server 2012 R2 evaluation, 9600.17050 of March 2014, en-US',
  '1ce702a578a3cb1ac3d14873980838590f06d5b7101c5daaccbac9d73f1fb50f':
    'Windows Server 2016 evaluation, 14393.0 of November 2016, en-US',
  '549bca46c055157291be6c22a3aaaed8330e78ef4382c99ee82c896426a1cee1':
    'Windows Server 2019 evaluation, 17763.737 of September 2019, en-US',
  '3e4fa6d8507b554856fc9ca6079cc402df11a8b79344871669f0251535255325':
    'Windows Server 2022 evaluation, 20348.169 of August 2021, en-US',
  d0ef4502e350e3c6c53c15b1b3020d38a5ded011bf04998e950720ac8579b23d:
    'Windows Server 2025 evaluation, 26100.1742 of September 2024, en-US',
  bbe6166ad86a490caefad438fef8aa494926cb0a1b37fa1212925cfd81656429: 'virtio-win 0.1.271',
  e14cf2b94492c3e925f0070ba7fdfedeb2048c91eea9c5a5afb30232a3976331: 'virtio-win 0.1.285',
};

/** What a file with this SHA-256 is known to be; null when it is not known, which says nothing against it. */
export function knownMedia(sha256: string): string | null {
  return KNOWN[sha256.toLowerCase()] ?? null;
}
