# Opens Inbound Access on its practice tenant on Windows. Needs Rust (with the MSVC tools), Node and, on Windows 10,
# the WebView2 runtime; says what is missing.
#
#   powershell -ExecutionPolicy Bypass -File scripts\run.ps1 [arguments for the app]
#
# As Windows comes, it runs no script without that option.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')

function Stop-With([string] $Message) {
    Write-Host "run.ps1: $Message" -ForegroundColor Red
    exit 1
}

# A program that fails does not stop a script by itself.
function Invoke-Checked([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { Stop-With "$Program $($Arguments -join ' ') failed with exit code $LASTEXITCODE" }
}

if (-not (Get-Command cargo -ErrorAction SilentlyContinue)) {
    Stop-With 'Rust is missing: install it from https://rustup.rs (with the Visual Studio C++ build tools), then run this again.'
}
$need = [version] ((Select-String -Path Cargo.toml -Pattern '^rust-version = "([0-9.]+)"').Matches[0].Groups[1].Value)
$said = & rustc --version
if ($LASTEXITCODE -ne 0) { Stop-With 'Rust is there but does not run: see above, and run rustup default stable.' }
$rust = [version] ($said -replace '^rustc ([0-9.]+).*$', '$1')
if ($rust -lt $need) { Stop-With "Rust $rust is too old: $need or later is needed (rustup update stable)." }
if (-not (Get-Command node -ErrorAction SilentlyContinue)) {
    Stop-With 'Node is missing: install Node 20.19 or later from https://nodejs.org, then run this again.'
}
$node = [version] ((& node --version).TrimStart('v'))
if ($node -lt [version] '20.19.0') { Stop-With "Node $node is too old: 20.19 or later is needed." }
# Not npm alone: PowerShell would take npm.ps1 for it, which reads its arguments a second time and in another way.
if (-not (Get-Command npm.cmd -ErrorAction SilentlyContinue)) {
    Stop-With 'npm is missing: install Node with npm from https://nodejs.org, then run this again.'
}

# Where the evergreen runtime says that it is installed, for the machine or for the user.
$client = '{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}'
$places = "HKLM:\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients\$client",
    "HKLM:\SOFTWARE\Microsoft\EdgeUpdate\Clients\$client", "HKCU:\Software\Microsoft\EdgeUpdate\Clients\$client"
$runtime = $places | Where-Object { Test-Path $_ } | ForEach-Object { (Get-ItemProperty $_).pv } |
    Where-Object { $_ -and $_ -ne '0.0.0.0' } | Select-Object -First 1
if (-not $runtime) {
    Stop-With 'The WebView2 runtime is missing: install "Microsoft Edge WebView2 Runtime" (Windows 11 has it), then run this again.'
}

Push-Location ui
try {
    $stamp = 'node_modules\.installed-from'
    $now = (Get-FileHash package.json, package-lock.json).Hash -join ' '
    if (-not (Test-Path $stamp) -or (Get-Content $stamp -Raw) -ne $now) {
        Invoke-Checked npm.cmd @('ci', '--no-audit', '--no-fund', '--loglevel=error')
        Set-Content $stamp $now -NoNewline
    }
    Invoke-Checked npm.cmd @('run', '--silent', 'build')
} finally {
    Pop-Location
}
Invoke-Checked cargo @('build', '--locked')
$built = if ($env:CARGO_TARGET_DIR) { $env:CARGO_TARGET_DIR } else { 'target' }
& (Join-Path $built 'debug\inbound-access.exe') @args
exit $LASTEXITCODE
