@echo off
rem anju.cmd demo | anju.cmd test | anju.cmd COMMAND...: sets up what is missing, then runs it. Not yet tried on Windows.
setlocal
cd /d "%~dp0"
set "lock=requirements.lock"
if /i "%~1"=="test" set "lock=requirements-dev.lock"
set "py="
for %%v in (3.13 3.12 3.11) do if not defined py py -%%v -c "import ensurepip" >nul 2>nul && set "py=py -%%v"
if not defined py (
    echo anju: Python 3.11 to 3.13 is needed, from python.org with the py launcher 1>&2
    exit /b 3
)
if not exist .venv\Scripts\python.exe (
    %py% -m venv .venv || exit /b 3
)
fc /b "%lock%" ".venv\%lock%" >nul 2>nul || (
    echo anju: installing the pinned packages ^(once^) 1>&2
    .venv\Scripts\python.exe -m pip install -q --disable-pip-version-check --require-hashes --only-binary=:all: -r "%lock%" 1>&2 || exit /b 3
    copy /y "%lock%" ".venv\%lock%" >nul
)
if /i "%~1"=="test" (
    if not defined QT_QPA_PLATFORM set "QT_QPA_PLATFORM=offscreen"
    .venv\Scripts\python.exe -m pytest %2 %3 %4 %5 %6 %7 %8 %9
    exit /b
)
.venv\Scripts\python.exe main.py %*
