// Remote Desktop Connection of Windows. It takes a password only from the Windows credential store: one PowerShell
// calls CredWrite with what it reads on standard input, runs mstsc, and takes the entry away again at its end.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CasementError } from '../../shared/errors.ts';
import { OUTPUT_NAME, startClient } from './client-process.ts';
import { sessionOf } from './desktop-session.ts';
import { firstHop } from './gateway.ts';
import { reasonError, reasonOf } from './mstsc-reasons.ts';
import { rdpFile } from './rdp-file.ts';
import type { DesktopRequest, DesktopSession } from './types.ts';
import { inTheWay } from './unopened.ts';

const CLEAN_MS = 30_000;
/** Printed once mstsc has held its connection for three seconds: it hangs up on a refused login. */
const OPEN_MARK = 'casement-open';

// CRED_TYPE_GENERIC is 1; CRED_PERSIST_SESSION is 1: the entry is gone at the next logoff even when this is killed.
const VAULT = `$ErrorActionPreference = 'Stop'
Add-Type -TypeDefinition @'
using System; using System.Runtime.InteropServices;
public static class Vault {
  [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
  struct Credential { public uint Flags, Type; public string TargetName, Comment; public long LastWritten;
    public uint BlobSize; public IntPtr Blob; public uint Persist, AttributeCount; public IntPtr Attributes;
    public string TargetAlias, UserName; }
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true, EntryPoint = "CredWriteW")]
  static extern bool CredWrite(ref Credential credential, uint flags);
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true, EntryPoint = "CredDeleteW")]
  public static extern bool CredDelete(string target, uint type, uint flags);
  public static bool Write(string target, string user, string password) {
    var c = new Credential { Type = 1, TargetName = target, UserName = user, Persist = 1,
      BlobSize = (uint)(password.Length * 2), Blob = Marshal.StringToCoTaskMemUni(password) };
    try { return CredWrite(ref c, 0); } finally { Marshal.ZeroFreeCoTaskMemUnicode(c.Blob); }
  }
}
'@
$reader = New-Object System.IO.StreamReader([Console]::OpenStandardInput(), (New-Object System.Text.UTF8Encoding $false))
$said = $reader.ReadToEnd() | ConvertFrom-Json
`;
const SESSION = `${VAULT}if (-not [Vault]::Write($said.target, $said.user, $said.password)) { exit 90 }
try {
  $begin = Get-Date
  $mstsc = Start-Process -FilePath $said.client -ArgumentList ('"' + $said.file + '"') -PassThru
  $held = 0
  while (-not $mstsc.WaitForExit(500)) {
    $up = Get-NetTCPConnection -OwningProcess $mstsc.Id -RemotePort $said.port -State Established -ErrorAction SilentlyContinue
    if ($up) { $held += 1 } else { $held = 0 }
    if ($held -eq 6) { [Console]::Out.WriteLine('${OPEN_MARK}'); [Console]::Out.Flush() }
  }
  # Event 1026 of the client's own log says why it disconnected; its second value is the number.
  $why = Get-WinEvent -MaxEvents 1 -ErrorAction SilentlyContinue -FilterHashtable @{
    LogName = 'Microsoft-Windows-TerminalServices-RDPClient/Operational'; Id = 1026; StartTime = $begin }
  if ($why) { [Console]::Out.WriteLine('casement-reason ' + $why.Properties[1].Value) }
} finally { [void][Vault]::CredDelete($said.target, 1, 0) }
`;
const REMOVE = `${VAULT}[void][Vault]::CredDelete($said.target, 1, 0)
`;

/** Words of a PowerShell that runs a fixed script; what changes comes on its standard input. Pure. */
export function powershellWords(script: string): string[] {
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  return ['powershell.exe', '-NoProfile', '-NonInteractive', '-EncodedCommand', encoded];
}

/** The PowerShell that stands for the session, and the JSON it reads: the password is in there only. Pure. */
export function mstscLaunch(request: DesktopRequest, file: string): { words: string[]; stdin: string } {
  const { address, user, password, client } = request;
  // The connection that is watched.
  const { port } = firstHop(request);
  const said = { target: target(address), user, password, file, port, client: client.path };
  return { words: powershellWords(SESSION), stdin: JSON.stringify(said) };
}

/** The PowerShell that removes a credential left behind. Pure. */
export function forgetLaunch(address: string): { words: string[]; stdin: string } {
  return { words: powershellWords(REMOVE), stdin: JSON.stringify({ target: target(address) }) };
}

/** Opens the desktop in mstsc. `folder` is this session's own. */
export function openWithMstsc(request: DesktopRequest, folder: string): DesktopSession {
  const file = join(folder, 'desktop.rdp');
  writeFileSync(file, rdpFile(request), { mode: 0o600 });
  const launch = mstscLaunch(request, file);
  const client = startClient(launch.words, launch.stdin, {}, folder);
  // A killed PowerShell had no time to clean up.
  void client.ended.then(() => {
    if (client.closing()) forget(request.address);
  });
  const said = () => readFile(join(folder, OUTPUT_NAME), 'utf8').catch(() => '');
  const isOpen = async () => (await said()).includes(OPEN_MARK);
  return sessionOf({
    request,
    client,
    folder,
    isOpen,
    judge: async (code) => {
      if (await isOpen()) return null;
      const reason = reasonOf(await said());
      const known = reason === null ? null : reasonError(reason, request.user);
      if (known) return known;
      return (await inTheWay(request)) ?? notOpened(code);
    },
  });
}

function target(address: string): string {
  return `TERMSRV/${address}`;
}

function forget(address: string): void {
  const { words, stdin } = forgetLaunch(address);
  const child = execFile(words[0] ?? '', words.slice(1), { timeout: CLEAN_MS }, () => undefined);
  // A PowerShell that never starts or ends at once does not read: that must not end Casement.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(stdin);
}

function notOpened(code: number | null): CasementError {
  return new CasementError({
    code: 'connect.failed',
    title: 'The desktop could not be opened',
    whatHappened: 'Remote Desktop Connection was closed before a desktop came up.',
    whatToDo: 'Connect again and accept the certificate; if it asks for a password, the known one is wrong.',
    detail: `status ${code ?? 'none'}${code === 90 ? ' (CredWrite refused)' : ''}`,
  });
}
