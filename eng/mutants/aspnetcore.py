#!/usr/bin/env python3
"""Breaks what serves ASP.NET Core in one way at a time, and tells which tests notice.

    eng/mutants/aspnetcore.py make FOLDER        copies the repository's tracked and new files there, with every mutant in it, each behind a switch; builds it
    eng/mutants/aspnetcore.py run FOLDER [NAME…] runs the tests with each of them on; says for each: caught (by what), survived, or never reached

The switch is the environment variable MUTANT. Nothing of it is ever committed: the copies are not in the repository.
"""
import os, pathlib, re, shutil, subprocess, sys, time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEB, SERVER = "Diesel.Reactive.AspNetCore/", "Diesel.Reactive.AspNetCore/Server/"
TESTS = "Diesel.Reactive.Tests/Diesel.Reactive.Tests.csproj"
SERVING = "Diesel(Server|Abort|Body|Pipelined|Framing|Hosting|Shutdown|Watchdog|AndKestrel|TestServer|Factory)Tests|KestrelTests|HostingTests|RandomRequests|KestrelSettings"
SENDING = "PipeOrder|PipeWriter|HubTransport|SignalR|Grpc"

# name, file, what stands there, what stands there instead ($ is the switch)
MUTANTS = [
    ("abort-never-told", SERVER + "RequestAborted.cs", "        if (source is not null)\n", "        if (source is not null && !$)\n"),
    ("abort-kept-for-next", SERVER + "RequestAborted.cs", "public void Forget() => (_source, _isDue) = (", "public void Forget() => (_source, _isDue) = $ ? (_source, _isDue) : ("),
    ("abort-told-late-is-not-due", SERVER + "RequestAborted.cs", "                if (!_isDue)\n", "                if (!_isDue || $)\n"),
    ("body-with-204", SERVER + "ResponseFeature.cs", "private bool MayHaveBody => ", "private bool MayHaveBody => $ || "),
    ("body-with-204-on-the-wire", "Diesel.Reactive.Protocols/Http/Wire/HttpStatus.cs", "AllowsContent(int status) => status is", "AllowsContent(int status) => $ || status is"),
    ("body-with-head", SERVER + "ResponseForm.cs", "IsHead = request.Http.Head.IsHead;", "IsHead = request.Http.Head.IsHead && !$;"),
    ("trailers-dropped", SERVER + "ResponseFeature.cs", "_trailers is { Count: > 0 } trailers ?", "_trailers is { Count: > 0 } trailers && !$ ?"),
    ("batch-backwards", SERVER + "SessionOnPool.cs", "            if (_waiting.TryDequeue(out request))\n",
     "            if ($ && _waiting.Count > 1) { var all = _waiting.Reverse().ToArray(); _waiting.Clear(); foreach (var one in all) _waiting.Enqueue(one); }\n            if (_waiting.TryDequeue(out request))\n"),
    ("batch-does-not-wait", SERVER + "SessionOnPool.cs", "            if (!run.IsCompleted)\n", "            if (!run.IsCompleted && !$)\n"),
    ("batch-goes-on-behind-the-end", SERVER + "SessionOnPool.cs", "        if (request.Response.Sending.EndsConnection)\n", "        if (request.Response.Sending.EndsConnection && !$)\n"),
    ("batch-waits-for-the-slowest", SERVER + "SessionOnPool.cs", "    private void PushWhileSomeRun()\n    {\n", "    private void PushWhileSomeRun()\n    {\n        if ($) return;\n"),
    ("objects-reused-while-held", SERVER + "ResponseSending.cs", "_output.IsCopied && !_isWaitedFor;", "_output.IsCopied && (!_isWaitedFor || $);"),
    ("objects-reused-in-development", SERVER + "DieselServer.cs", "_reusesRequests = options.ReusesRequests ??", "_reusesRequests = $ ? true : options.ReusesRequests ??"),
    ("features-kept", SERVER + "FeatureSet.cs", "    public void Clear()\n    {\n", "    public void Clear()\n    {\n        if ($) return;\n"),
    ("rare-features-kept", SERVER + "RareFeatures.cs", "public void Forget() => (_connection, _tls, _upgrade) = (null, null, null);", "public void Forget() => (_connection, _tls, _upgrade) = $ ? (_connection, _tls, _upgrade) : (null, null, null);"),
    ("path-base-kept", SERVER + "RequestFeature.cs", '        ((IHttpRequestFeature)this).PathBase = "";\n', '        if (!$) ((IHttpRequestFeature)this).PathBase = "";\n'),
    ("response-callbacks-kept", SERVER + "ResponseCallbacks.cs", "public readonly void Clear() => _callbacks?.Clear();", "public readonly void Clear() { if (!$) _callbacks?.Clear(); }"),
    ("no-back-pressure", SERVER + "ResponseSending.cs", "private bool HasRoom => IsOver ||", "private bool HasRoom => $ || IsOver ||"),
    ("body-limit-ignored", SERVER + "RequestBody.cs", "private long Limit => ", "private long Limit => $ ? long.MaxValue : "),
    ("body-limit-of-chunks-ignored", SERVER + "RequestBody.cs", "        if (_received > Limit)\n", "        if (_received > Limit && !$)\n"),
    ("body-not-held-while-unread", SERVER + "RequestBody.cs", "        if (!flushed.IsCompleted)\n", "        if (!flushed.IsCompleted && !$)\n"),
    ("cancelled-read-looks-like-the-end", SERVER + "RequestBodyStream.cs", "        if (read.IsCanceled)\n", "        if (read.IsCanceled && !$)\n"),
    ("failure-keeps-what-was-written", SERVER + "ResponseSending.cs", "                (_form.Status, _form.Headers, _form.Length, _isComplete) = (status, default, null, true);\n                _pieces = default;\n",
     "                (_form.Status, _form.Headers, _form.Length, _isComplete) = (status, default, null, true);\n                if (!$) _pieces = default;\n"),
    ("pieces-behind-the-first-lost", SERVER + "ResponsePieces.cs", "            (Others ??= []).Add(bytes);\n", "            if (!$) (Others ??= []).Add(bytes);\n"),
    ("lines-of-the-response-before", SERVER + "ResponseHead.cs", "IsSaid(table.Others))\n", "($ ? table.Others.Length == _saidCount : IsSaid(table.Others)))\n"),
    ("host-of-the-field", SERVER + "RequestHeaders.cs", "Head is { IsAbsolute: true } head ?", "Head is { IsAbsolute: true } head && !$ ?"),
    ("field-by-the-begin-of-its-name", "Diesel.Reactive.Protocols/Http/Wire/HttpFieldReader.cs", "line[name.Length] == ':' &&", "($ || line[name.Length] == ':') &&"),
    ("fields-kept-for-the-next", SERVER + "RequestHeaders.cs", "public void Forget() => _all = null;", "public void Forget() => _all = $ ? _all : null;"),
    ("failure-keeps-the-body", SERVER + "HubRequest.cs", "            Request.Release();\n", "            if (error is null || !$) Request.Release();\n"),
    ("failure-keeps-its-fields", SERVER + "ResponseSending.cs", "(_form.Status, _form.Headers, _form.Length, _isComplete) = (status, default, null, true);", "(_form.Status, _form.Headers, _form.Length, _isComplete) = (status, $ ? _form.Headers : default, null, true);"),
    ("watchdog-without-label", SERVER + "SessionOnHub.cs", "        Hub.WorksOn(asked.Label);\n", "        if (!$) Hub.WorksOn(asked.Label);\n"),
    ("watchdog-without-label-of-endpoint", SERVER + "HubEndpoints.cs", "            hub.WorksOn(label);\n", "            if (!$) hub.WorksOn(label);\n"),
    ("setting-MaxRequestHeaderCount", SERVER + "KestrelSettings.cs", 'MaxFields = Find<int>(limits, "MaxRequestHeaderCount") ??', 'MaxFields = ($ ? null : Find<int>(limits, "MaxRequestHeaderCount")) ??'),
    ("setting-MaxRequestLineSize", SERVER + "KestrelSettings.cs", 'MaxLine = Find<int>(limits, "MaxRequestLineSize") ??', 'MaxLine = ($ ? null : Find<int>(limits, "MaxRequestLineSize")) ??'),
    ("setting-MaxRequestHeadersTotalSize", SERVER + "KestrelSettings.cs", 'MaxHeaders = Find<int>(limits, "MaxRequestHeadersTotalSize") ??', 'MaxHeaders = ($ ? null : Find<int>(limits, "MaxRequestHeadersTotalSize")) ??'),
    ("setting-MaxConcurrentConnections", SERVER + "KestrelSettings.cs", 'MaxConnections = Find<int>(limits, "MaxConcurrentConnections"),', 'MaxConnections = $ ? null : Find<int>(limits, "MaxConcurrentConnections"),'),
    ("setting-KeepAliveTimeout", SERVER + "KestrelSettings.cs", 'KeepAliveTimeout = Find<TimeSpan>(limits, "KeepAliveTimeout") ??', 'KeepAliveTimeout = ($ ? null : Find<TimeSpan>(limits, "KeepAliveTimeout")) ??'),
    ("setting-RequestHeadersTimeout", SERVER + "KestrelSettings.cs", 'HeadTimeout = Find<TimeSpan>(limits, "RequestHeadersTimeout") ??', 'HeadTimeout = ($ ? null : Find<TimeSpan>(limits, "RequestHeadersTimeout")) ??'),
    ("drain-time-ignored", SERVER + "KestrelSettings.cs", "DrainTimeout = drain ??", "DrainTimeout = ($ ? null : drain) ??"),
    ("stop-does-not-wait", SERVER + "DieselServer.cs", "        await ((Task)stopped).WaitAsync", "        if (!$) await ((Task)stopped).WaitAsync"),
    ("synchronous-io-always", SERVER + "SynchronousIO.cs", "        if (!isAllowed)\n", "        if (!isAllowed && !$)\n"),
    ("synchronous-io-never", SERVER + "SynchronousIO.cs", "ThrowUnless(bool isAllowed)\n    {\n", "ThrowUnless(bool isAllowed)\n    {\n        isAllowed &= !$;\n"),
    ("on-starting-forwards", SERVER + "ResponseCallbacks.cs", "    public readonly async ValueTask Call(Action<Exception>? tell = null)\n    {\n",
     "    public readonly async ValueTask Call(Action<Exception>? tell = null)\n    {\n        if ($ && _callbacks!.Count > 1) { var all = _callbacks.ToArray(); _callbacks.Clear(); foreach (var one in all) _callbacks.Push(one); }\n"),
    ("on-completed-before-the-response", SERVER + "HubRequest.cs", "                await Response.CompleteAsync();\n", "                if ($ && Response.HasCompletions) await Response.TellCompleted();\n                await Response.CompleteAsync();\n"),
    ("on-completed-ends-at-a-failure", SERVER + "ResponseFeature.cs", "TellCompleted() => _completed.Call(error =>", "TellCompleted() => $ ? _completed.Call() : _completed.Call(error =>"),
    ("start-does-not-start", SERVER + "ResponseFeature.cs", "        cancellationToken.ThrowIfCancellationRequested();\n        if (HasStarted)\n", "        cancellationToken.ThrowIfCancellationRequested();\n        if (HasStarted || $)\n"),
    ("fields-change-behind-the-start", SERVER + "ResponseFeature.cs", "(HasStarted, _own.IsReadOnly) = (true, true);", "(HasStarted, _own.IsReadOnly) = (true, !$);"),
    ("too-many-bytes-allowed", SERVER + "ResponseFeature.cs", "_written + bytes > length)\n", "_written + bytes > length && !$)\n"),
    ("any-status", SERVER + "ResponseFeature.cs", "EndsRequest(int status) => status is", "EndsRequest(int status) => $ || status is"),
    ("upgrade-unasked", SERVER + "UpgradeFeature.cs", "IsUpgradableRequest => request", "IsUpgradableRequest => $ || request"),
    ("upgraded-request-is-not-waited-for", SERVER + "ResponseForm.cs", "            return request.Ended;\n", "            return $ ? Task.CompletedTask : request.Ended;\n"),
    ("health-always", "Diesel.Reactive.Hosting/HubHealth.cs", "HealthCheckResult No(string why) => new(context.Registration.FailureStatus, why);", "HealthCheckResult No(string why) => $ ? HealthCheckResult.Healthy() : new(context.Registration.FailureStatus, why);"),
    ("transport-accepts-without-bound", WEB + "HubConnectionListener.cs", "        if (!_isHeld && waiting >=", "        if (!$ && !_isHeld && waiting >="),
    ("transport-hides-the-peers-end", WEB + "HubConnectionContext.cs", "static each => each.Cancel(), (CancellationTokenSource)closed!", "static each => { if (!$) each.Cancel(); }, (CancellationTokenSource)closed!"),
    ("pipe-passes-what-was-sent", "Diesel.Reactive/Connections/Connection.cs", "IsSentTo => Volatile", "IsSentTo => !$ && Volatile"),
]

SWITCH = """namespace Diesel.Reactive;

public static class Mutant
{
    private static readonly string? Name = System.Environment.GetEnvironmentVariable("MUTANT");
    private static bool _isReached;

    public static bool Is(string name)
    {
        if (name != Name)
        {
            return false;
        }

        if (!_isReached && System.Environment.GetEnvironmentVariable("MUTANT_REACHED") is { } file)
        {
            _isReached = true;
            System.IO.File.WriteAllText(file, name);
        }

        return true;
    }
}
"""


def make(folder):
    names = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    (folder / "Diesel.Reactive/Mutant.cs").write_text(SWITCH)
    for name, file, old, new in MUTANTS:
        text = (folder / file).read_text()
        if text.count(old) != 1:
            sys.exit(f"{name}: {file} has {text.count(old)} times {old!r}")
        (folder / file).write_text(text.replace(old, new.replace("$", f'Mutant.Is("{name}")')))
    build(folder)


def build(folder):
    began = time.time()
    done = subprocess.run(["dotnet", "build", TESTS, "-c", "Release", "-v", "q", "-m:1", "-tl:off", "-nodeReuse:false", "-p:TreatWarningsAsErrors=false", "-p:EnforceCodeStyleInBuild=false", "-p:RunAnalyzers=false"],
                          cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit("\n".join(sorted({line for line in done.stdout.splitlines() if "error" in line})))
    for library in ("Diesel.Reactive", "Diesel.Reactive.Protocols", "Diesel.Reactive.AspNetCore", "Diesel.Reactive.Hosting"):
        made = folder / "Diesel.Reactive.Tests/bin/Release/net10.0" / f"{library}.dll"
        mine = [name for name, file, _, _ in MUTANTS if file.startswith(library + "/")]
        missing = [name for name in mine if name.encode("utf-16-le") not in made.read_bytes()]
        if missing:
            sys.exit(f"{made} of {time.ctime(made.stat().st_mtime)} does not have {missing}")
        print(f"{library}.dll of {time.ctime(made.stat().st_mtime)} has its {len(mine)} mutants")
    print(f"built in {time.time() - began:.0f} s")


def run(folder, wanted):
    for name, file, _, _ in MUTANTS:
        if wanted and not any(re.fullmatch(each, name) for each in wanted):
            continue
        classes = SENDING if name.startswith(("pipe", "transport")) else SERVING
        print(f"{name:40} {verdict(folder, name, classes)}", flush=True)


def verdict(folder, name, classes):
    reached = folder / "reached"
    reached.unlink(missing_ok=True)
    began = time.time()
    try:
        done = subprocess.run(
            ["dotnet", "test", TESTS, "-c", "Release", "--no-build", "--filter", "|".join(f"FullyQualifiedName~{each}" for each in expand(classes)), "--", "NUnit.StopOnError=true"],
            cwd=folder, env=os.environ | {"MUTANT": name, "MUTANT_REACHED": str(reached)}, capture_output=True, text=True, timeout=280, check=False)
        failed = re.findall(r"^\s+Failed (.+?) \[", done.stdout, re.MULTILINE)
        ran = re.search(r"Passed:\s+(\d+)", done.stdout)
        end = f"caught by {failed[0]}" if failed else "caught: no test ran to its end" if done.returncode else f"SURVIVED ({ran.group(1) if ran else '?'} passed)"
    except subprocess.TimeoutExpired:
        end = "caught: it hangs"
    return f"{end}{'' if reached.exists() else ', NEVER REACHED'} ({time.time() - began:.0f} s)"


def expand(classes):
    for each in re.split(r"\|(?![^(]*\))", classes):
        head = re.fullmatch(r"(.*)\((.*)\)(.*)", each)
        yield from ([head[1] + middle + head[3] for middle in head[2].split("|")] if head else [each])


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("make", "run"):
        sys.exit(__doc__)
    target = pathlib.Path(sys.argv[2]).resolve()
    make(target) if sys.argv[1] == "make" else run(target, sys.argv[3:])
