// What runs inside of Windows from the build CD, in two phases: `install` after Setup, `seal` after the checkpoint. Written
// for PowerShell 2.0, which is what Server 2008 R2 brings. Each step is told on COM1, where the host reads it. Pure text.

/** A phase of the script, and its steps in order. */
export const PHASE_STEPS = {
  install: ['drivers', 'guest-agent', 'settings', 'again'],
  seal: ['updates', 'scripts', 'cloudbase-init', 'configuration', 'recovery', 'clean', 'retrim', 'sysprep'],
} as const;

/** `casement\build.cmd`: finds PowerShell, which Server Core 2008 R2 has to be asked for, and starts the script. */
export const BUILD_CMD = `@echo off
set PS=%SystemRoot%\\System32\\WindowsPowerShell\\v1.0\\powershell.exe
if not exist "%PS%" %SystemRoot%\\System32\\dism.exe /online /enable-feature /featurename:NetFx2-ServerCore /featurename:MicrosoftWindowsPowerShell /norestart
"%PS%" -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%~dp0build.ps1" %1
`.replaceAll('\n', '\r\n');

const SCRIPT = String.raw`# Casement build script. Usage: build.ps1 install|seal
# It tells each step on COM1, and switches Windows off at the end of a phase or when a step fails.
param([string]$Wanted)
$ErrorActionPreference = 'Stop'
$here = Split-Path -Parent $MyInvocation.MyCommand.Path
$drivers = @((Join-Path (Split-Path -Parent $here) '$WinPEDriver$'), (Join-Path $here 'drivers')) | Where-Object { Test-Path $_ }
$work = Join-Path $env:SystemDrive 'casement'
$system = Join-Path $env:SystemRoot 'System32'
$log = Join-Path $env:SystemRoot 'Temp\casement-build.log'
$winlogon = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon'
$cloudbase = Join-Path $env:ProgramFiles 'Cloudbase Solutions\Cloudbase-Init'
$number = 0

$port = $null
try {
    $port = New-Object System.IO.Ports.SerialPort 'COM1', 115200, 'None', 8, 'One'
    $port.WriteTimeout = 5000
    $port.Open()
} catch { $port = $null }

function Say([string]$Text) {
    $line = 'casement: ' + ($Text -replace '[^\x20-\x7e]', '?')
    if ($port) { try { $port.Write($line + [string][char]13 + [char]10) } catch { } }
    Add-Content -Path $log -Value $line
}

function Switch-Off {
    if ($port) { $port.Close() }
    & (Join-Path $system 'shutdown.exe') /s /t 0 /f
    exit
}

function Phase([string]$Name, [scriptblock]$Work) {
    if ($Name -ne $Wanted) { return }
    $steps = [regex]::Matches($Work.ToString(), "(?m)^\s+Step '").Count
    Say "begin $Name $steps"
    & $Work
    Say "end $Name"
    # Nothing of the build stays in the image.
    if ($Name -eq 'seal') { Remove-Item -Path $log -Force }
    Switch-Off
}

function Step([string]$Id, [string]$Title, [scriptblock]$Work) {
    $script:number += 1
    Say "step $($script:number) $Id $Title"
    try { & $Work } catch {
        Say "failed $Id $($_.Exception.Message)"
        Switch-Off
    }
}

# Runs a program, waits, and throws when it ends with none of the good codes. Gives the code.
function Run([string]$Program, [string[]]$Arguments, [int[]]$Good = @(0)) {
    $process = Start-Process -FilePath $Program -ArgumentList $Arguments -Wait -PassThru -WindowStyle Hidden
    if ($Good -notcontains $process.ExitCode) {
        throw "$(Split-Path -Leaf $Program) ended with code $($process.ExitCode): $($Arguments -join ' ')"
    }
    return $process.ExitCode
}

function Quoted([string]$Path) { return '"' + $Path + '"' }

function Install-Package([string]$Path, [string[]]$Properties = @()) {
    $arguments = @('/i', (Quoted $Path), '/qn', '/norestart') + $Properties
    # 3010: installed, wants a restart.
    [void](Run (Join-Path $system 'msiexec.exe') $arguments @(0, 3010))
}

function Set-Value([string]$Key, [string]$Name, $Value, [string]$Type = 'DWord') {
    if (-not (Test-Path $Key)) { [void](New-Item -Path $Key -Force) }
    [void](New-ItemProperty -Path $Key -Name $Name -Value $Value -PropertyType $Type -Force)
}

function Files([string]$Folder, [string[]]$Kinds) {
    $path = Join-Path $here $Folder
    if (-not (Test-Path $path)) { return @() }
    return @(Get-ChildItem -Path $path | Where-Object { $Kinds -contains $_.Extension.ToLower() } | Sort-Object Name)
}

# A driver whose publisher nobody trusts yet would make Windows ask, and wait.
function Trust-Publishers {
    $store = New-Object System.Security.Cryptography.X509Certificates.X509Store 'TrustedPublisher', 'LocalMachine'
    $store.Open('ReadWrite')
    foreach ($catalogue in @(Get-ChildItem -Path $drivers -Recurse -Include *.cat)) {
        $signer = (Get-AuthenticodeSignature $catalogue.FullName).SignerCertificate
        if ($signer) { $store.Add($signer) }
    }
    $store.Close()
}

Phase 'install' {
    Step 'drivers' 'Installing the virtio drivers' {
        try { Trust-Publishers } catch { Say "note The publishers of the drivers could not be trusted beforehand: $($_.Exception.Message)" }
        foreach ($inf in @(Get-ChildItem -Path $drivers -Recurse -Include *.inf)) {
            # 259: there is no such device, or a better driver; the driver is in the store all the same.
            [void](Run (Join-Path $system 'pnputil.exe') @('-i', '-a', (Quoted $inf.FullName)) @(0, 259, 3010))
        }
    }
    Step 'guest-agent' 'Installing the QEMU guest agent' {
        $package = Join-Path $here 'qemu-ga.msi'
        if (Test-Path $package) { Install-Package $package } else { Say 'note The driver CD has no guest agent.' }
    }
    Step 'settings' 'Setting Windows up for a cloud' {
        [void](Run (Join-Path $system 'powercfg.exe') @('-h', 'off') @(0, 1))
        [void](Run (Join-Path $system 'powercfg.exe') @('-change', '-monitor-timeout-ac', '0') @(0, 1))
        Set-Value 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Power' 'HiberbootEnabled' 0
        Set-Value 'HKLM:\SYSTEM\CurrentControlSet\Control\BitLocker' 'PreventDeviceEncryption' 1
        Set-Value 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server' 'fDenyTSConnections' 0
        Set-Value 'HKLM:\SOFTWARE\Microsoft\ServerManager' 'DoNotOpenServerManagerAtLogon' 1
        $netsh = Join-Path $system 'netsh.exe'
        [void](Run $netsh @('advfirewall', 'firewall', 'set', 'rule', 'group="@FirewallAPI.dll,-28752"', 'new', 'enable=yes') @(0, 1))
        # OpenStack expects the address that follows from the network card's own.
        [void](Run $netsh @('interface', 'ipv6', 'set', 'global', 'randomizeidentifiers=disabled') @(0, 1))
        [void](Run $netsh @('interface', 'ipv6', 'set', 'privacy', 'state=disabled') @(0, 1))
    }
    Step 'again' 'Preparing the next start' {
        [void](New-Item -ItemType Directory -Path $work -Force)
        $next = Join-Path $work 'next.cmd'
        Set-Content -Path $next -Encoding Ascii -Value 'for %%i in (D E F G H) do if exist %%i:\casement\build.cmd %%i:\casement\build.cmd seal'
        # Server Core has no desktop that would look into RunOnce.
        [void](Run (Join-Path $system 'schtasks.exe') @('/create', '/f', '/tn', 'Casement', '/sc', 'onlogon', '/rl', 'highest', '/it', '/ru', 'Administrator', '/tr', (Quoted "cmd.exe /c $next")))
        Set-Value $winlogon 'AutoAdminLogon' '1' 'String'
        Set-Value $winlogon 'AutoLogonCount' 9
    }
}

Phase 'seal' {
    Step 'updates' 'Installing Windows updates' {
        $done = Join-Path $work 'updates-done'
        if (Test-Path $done) { return }
        $restart = $false
        foreach ($update in (Files 'updates' @('.msu', '.cab'))) {
            Say "note $($update.Name)"
            # 3010: wants a restart. 2359302: already there. 0x80240017: for another Windows.
            if ($update.Extension -eq '.cab') {
                $code = Run (Join-Path $system 'dism.exe') @('/online', '/add-package', '/quiet', '/norestart', ('/packagepath:' + (Quoted $update.FullName))) @(0, 3010)
            } else {
                $code = Run (Join-Path $system 'wusa.exe') @((Quoted $update.FullName), '/quiet', '/norestart') @(0, 3010, 2359302, -2145124329)
            }
            if ($code -eq 3010) { $restart = $true }
        }
        Set-Content -Path $done -Value 'done'
        if ($restart) {
            Say 'note Windows restarts to finish its updates.'
            if ($port) { $port.Close() }
            & (Join-Path $system 'shutdown.exe') /r /t 0 /f
            exit
        }
    }
    Step 'scripts' 'Running your own scripts' {
        foreach ($file in (Files 'scripts' @('.ps1', '.cmd', '.bat'))) {
            Say "note $($file.Name)"
            if ($file.Extension -eq '.ps1') {
                $code = Run (Join-Path $system 'WindowsPowerShell\v1.0\powershell.exe') @('-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', (Quoted $file.FullName)) @(0, 3010)
            } else {
                $code = Run (Join-Path $system 'cmd.exe') @('/c', (Quoted $file.FullName)) @(0, 3010)
            }
        }
    }
    Step 'cloudbase-init' 'Installing Cloudbase-Init' {
        Install-Package (Join-Path $here 'CloudbaseInitSetup.msi') @('USERNAME=Administrator', 'LOGGINGSERIALPORTNAME=COM1', 'RUN_SERVICE_AS_LOCAL_SYSTEM=1')
    }
    Step 'configuration' 'Configuring Cloudbase-Init' {
        foreach ($name in @('cloudbase-init.conf', 'cloudbase-init-unattend.conf')) {
            Copy-Item -Path (Join-Path $here $name) -Destination (Join-Path $cloudbase "conf\$name") -Force
            Set-ItemProperty -Path (Join-Path $cloudbase "conf\$name") -Name IsReadOnly -Value $false
        }
    }
    Step 'recovery' 'Making room for drive C: to grow' {
        try { [void](Run (Join-Path $system 'reagentc.exe') @('/disable') @(0, 1, 2)) } catch { Say "note $($_.Exception.Message)" }
        if (Get-Command Get-Partition -ErrorAction SilentlyContinue) {
            $own = Get-Partition -DriveLetter $env:SystemDrive.Substring(0, 1)
            # Windows RE on GPT and on MBR disks.
            $recovery = @(Get-Partition -DiskNumber $own.DiskNumber | Where-Object { $_.Offset -gt $own.Offset -and ($_.GptType -eq '{de94bba4-06d1-4d40-a16a-bfd50179d6ac}' -or $_.MbrType -eq 39) })
            foreach ($partition in $recovery) {
                Remove-Partition -DiskNumber $partition.DiskNumber -PartitionNumber $partition.PartitionNumber -Confirm:$false
                Say 'note The recovery partition behind drive C: was removed.'
            }
            $most = (Get-PartitionSupportedSize -DriveLetter $own.DriveLetter).SizeMax
            if ($most - $own.Size -gt 1048576) { Resize-Partition -DriveLetter $own.DriveLetter -Size $most }
        }
    }
    Step 'clean' 'Removing traces of the build' {
        [void](Run (Join-Path $system 'schtasks.exe') @('/delete', '/f', '/tn', 'Casement') @(0, 1))
        foreach ($name in @('DefaultPassword', 'AutoLogonCount')) { Remove-ItemProperty -Path $winlogon -Name $name -ErrorAction SilentlyContinue }
        Set-Value $winlogon 'AutoAdminLogon' '0' 'String'
        foreach ($name in @('Panther\unattend.xml', 'Panther\unattend-original.xml', 'Panther\Unattend', 'System32\Sysprep\unattend.xml', 'System32\Sysprep\Panther')) {
            $path = Join-Path $env:SystemRoot $name
            if (Test-Path $path) { Remove-Item -Path $path -Recurse -Force }
        }
        if (Test-Path $work) { Remove-Item -Path $work -Recurse -Force }
        & (Join-Path $system 'ipconfig.exe') /release | Out-Null
    }
    Step 'retrim' 'Giving free space back to the host' {
        try { [void](Run (Join-Path $system 'defrag.exe') @($env:SystemDrive, '/L')) } catch { Say "note $($_.Exception.Message)" }
    }
    Step 'sysprep' 'Generalizing Windows with Sysprep' {
        $sysprep = Join-Path $system 'Sysprep'
        $tag = Join-Path $sysprep 'Sysprep_succeeded.tag'
        if (Test-Path $tag) { Remove-Item -Path $tag -Force }
        # A path without blanks: Sysprep does not like them.
        $answers = Join-Path $env:SystemRoot 'Temp\casement-sysprep.xml'
        Copy-Item -Path (Join-Path $here 'sysprep.xml') -Destination $answers -Force
        Set-ItemProperty -Path $answers -Name IsReadOnly -Value $false
        & (Join-Path $system 'cmd.exe') /c (Join-Path $cloudbase 'bin\SetSetupComplete.cmd') | Out-Null
        [void](Run (Join-Path $sysprep 'sysprep.exe') @('/generalize', '/oobe', '/quit', '/quiet', "/unattend:$answers"))
        if (-not (Test-Path $tag)) {
            $errors = Join-Path $sysprep 'Panther\setuperr.log'
            $last = ''
            if (Test-Path $errors) { $last = (Get-Content $errors | Select-Object -Last 3) -join ' / ' }
            throw "Sysprep did not finish. $last"
        }
        Remove-Item -Path $answers -Force
    }
}

Say "failed start the build script knows no phase '$Wanted'"
Switch-Off
`;

/** The script itself, `casement\build.ps1`. */
export const BUILD_PS1 = SCRIPT.replaceAll('\n', '\r\n');
