// A complete plan that tests change as they need.
export const examplePlan = {
  casement: 1,
  name: 'Example',
  windows: '2022',
  host: { kind: 'local' },
  media: {
    windows: { path: '/iso/windows.iso' },
    virtio: { path: '/iso/virtio-win.iso' },
    cloudbaseInit: { path: '/iso/CloudbaseInitSetup_x64.msi' },
  },
  disk: { sizeGB: 40 },
  machine: {
    memoryMB: 4096,
    cores: 2,
    firmware: 'bios',
    type: 'pc',
    diskBus: 'virtio-blk',
    network: false,
    accel: 'auto',
  },
  cloud: { kind: 'clouds.yaml', cloud: 'demo' },
  image: { name: 'Example image' },
  server: { name: 'example', flavor: 'm1.medium', adminPass: 'env:EXAMPLE_PASS' },
};
