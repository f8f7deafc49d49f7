@echo off
rem Starts the kit on Windows: finds uv or fetches it, installs what is missing, opens the pages.
rem start-workshop.sh does the same on Linux and macOS.
rem No letters with accents here: cmd.exe reads this file in whatever code page the laptop has.
setlocal
title GBO-workshop
rem The proxy of an office signs with certificates of its own.
set "UV_SYSTEM_CERTS=true"
rem What people type in place of "workshop".
set "WORKSHOP_COMMAND="Start workshop""
set "FETCHED=.uv\uv.exe"
rem uv's own installer: it looks at the sum of what it fetches.
set "INSTALLER=https://astral.sh/uv/0.13.9/install.ps1"
set "POWERSHELL=%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe"
set "CODE=1"

pushd "%~dp0"
if not exist pyproject.toml goto alone
if not "%CD:~80%"=="" goto long

set "UV=uv.exe"
"%UV%" --version >nul 2>nul && goto install
set "UV=%FETCHED%"
"%UV%" --version >nul 2>nul && goto install
echo De kit heeft uv nodig. Dat programma haalt de onderdelen van de kit op, en het staat nog niet op deze laptop.
echo Het komt van astral.sh (20 MB), in de map van de kit. Daarna volgen de onderdelen (100 MB), en Python als dat ontbreekt.
set "ANSWER="
set /p "ANSWER=Mag dat? Typ j en druk op Enter: "
if /i not "%ANSWER%"=="j" goto refused
if not exist .uv mkdir .uv
"%SystemRoot%\System32\curl.exe" -fL -o .uv\install.ps1 "%INSTALLER%" || goto fetching
set "UV_UNMANAGED_INSTALL=%CD%\.uv"
"%POWERSHELL%" -NoProfile -ExecutionPolicy Bypass -File .uv\install.ps1 || goto fetching
del .uv\install.ps1
"%UV%" --version >nul 2>nul || goto fetching

:install
echo De kit kijkt haar onderdelen na. De eerste keer duurt dat een paar minuten.
if not "%~1"=="lab" goto plain
"%UV%" sync --no-dev --inexact --group students && goto run
rem Without a network JupyterLab may be there, and pandas not yet.
"%UV%" sync --no-dev --inexact || goto installing
echo JupyterLab start: enkel de oefeningen met pandas hebben eerst een keer internet nodig.
goto run
:plain
"%UV%" sync --no-dev --inexact || goto installing
:run
set "START="
if "%~1"=="" set "START=start"
"%UV%" run --no-dev --no-sync workshop %START% %*
set "CODE=%ERRORLEVEL%"
rem Ctrl-C while it was still starting, or while it checked the room; the second is what Windows says of Python's start.
if "%CODE%"=="130" set "CODE=0"
if "%CODE%"=="-1073741510" set "CODE=0"
if not "%CODE%"=="0" goto failed
popd
exit /b 0

:alone
echo Dit bestand staat alleen: de rest van de kit staat er niet naast.
echo Zit het nog in het zip-bestand? Pak dat eerst helemaal uit, en start dan in de nieuwe map.
goto stop
:long
echo De naam van deze map is te lang voor Windows. Zet de map van de kit dichter bij C:\, en start daar opnieuw.
goto stop
:refused
echo Er is niets opgehaald. De kit is niet gestart.
goto stop
:fetching
echo uv ophalen lukte niet. Heb je internet? Probeer het dan nog een keer.
goto stop
:installing
echo Installeren lukte niet. Heb je internet? Probeer het dan nog een keer.
goto stop
:failed
echo De kit is gestopt. Hierboven staat waarom.
echo Staat er een opdracht met workshop? Open een opdrachtvenster (cmd of terminal) in deze map en typ %WORKSHOP_COMMAND% in plaats van workshop.

:stop
echo Lukt het weer niet? Stuur "Voor de ICT-dienst.txt" en een foto van dit venster naar je ICT-dienst.
pause
popd
exit /b %CODE%
