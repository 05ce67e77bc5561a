// Every foreign word of OpenStack and virtualisation, explained once in plain words for a Windows admin.

export const GLOSSARY = {
  kvm: 'KVM is the part of Linux that runs virtual machines at full speed, as Hyper-V does on Windows.',
  qemu: 'QEMU is the program that shows a virtual machine its hardware: disk, screen, CD drives, network.',
  agent:
    'A program that keeps unlocked private keys and offers them when signing in: the OpenSSH agent service or Pageant.',
  jump: 'A computer that is passed on the way to the host, when the host cannot be reached directly.',
  keyFile: 'The private half of an SSH key pair, as ssh-keygen or PuTTYgen made it (OpenSSH, PEM or PPK).',
  virtio:
    'VirtIO is the fast virtual hardware of OpenStack clouds. Windows does not know it, so its drivers come on a CD.',
  cloudbaseInit:
    'Cloudbase-Init is a service inside Windows. On each new server it sets the computer name, the password and the disk size.',
  sysprep:
    'Sysprep is Microsoft’s tool that makes a Windows installation general again, so that each copy gets its own identity.',
  sha256:
    'A fingerprint of a file, usually printed beside the download. With it Casement can tell that the file arrived whole.',
  firmware:
    'What starts the machine before Windows: the classic BIOS or the newer UEFI. The cloud must use the same.',
  machineType:
    'The mainboard QEMU shows: “pc” is the classic one of 1996, “q35” a newer one with PCI Express.',
  diskBus:
    'How the disk is attached. virtio-blk is the usual choice; virtio-scsi can hold more disks and gives space back.',
  glance: 'Glance is OpenStack’s store for disk images.',
  image: 'An image is the disk from which new servers are started, like a template or a golden image.',
  nova: 'Nova is the part of OpenStack that runs servers.',
  server: 'OpenStack calls a virtual machine a server (or instance).',
  flavor: 'A flavor is a size of server on offer: so many cores, so much memory, such a disk.',
  project: 'A project holds your servers, images and networks; other projects do not see them.',
  region: 'A region is one location of the cloud, with its own servers and images.',
  keypair:
    'A key pair has a public half, which the cloud keeps, and a private half, which stays with you. The generated Windows password is encrypted so that only the private half can read it.',
  network: 'The network in the cloud to which the server is attached; it gives the server its address.',
  cloudsYaml: 'clouds.yaml is the file in which OpenStack’s own tools keep how to sign in.',
  openrc: 'An openrc file is offered for download by OpenStack’s web page (Horizon) under your user name.',
  appCredential:
    'An application credential is a second key to your project, made in Horizon under Identity. It can be withdrawn without changing your password.',
  federation:
    'The cloud trusts your company’s own sign-in page. “openid” is the usual protocol; the operator of the cloud knows.',
  domain: 'A domain groups users and projects. If nobody told you another, it is “Default”.',
  visibility: 'Who may start servers from the image.',
  properties: 'Properties tell OpenStack which virtual hardware to give to servers started from the image.',
  rdp: 'RDP is the protocol of Remote Desktop.',
  sparse: 'A sparse file takes only the space that was really written, not its full size.',
  adminPass:
    'The password travels as “admin_pass” in the server’s metadata, where everyone in your project can read it.',
} as const;

export type Term = keyof typeof GLOSSARY;
