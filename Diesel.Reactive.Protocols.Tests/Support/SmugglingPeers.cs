using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Tests;

/// <summary>Other people's servers and reverse proxies. A proxy marks each request it has seen, and a server notes each with its mark, so that one without
/// was seen by the server alone.</summary>
internal static class SmugglingPeers
{
    public const string Mark = "X-Front";

    /// <summary>Starts a reverse proxy.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="at">Where it listens.</param>
    /// <param name="back">Whom it asks.</param>
    public static IDisposable Front(string name, IPEndPoint at, IPEndPoint back) => name switch
    {
        "nginx" => Nginx(at, "access_log off;", $"proxy_pass http://{back}; proxy_http_version 1.1; proxy_request_buffering off; proxy_set_header Connection \"\"; proxy_set_header {Mark} 1;"),
        "haproxy" => Haproxy(at, "/dev/null", $"http-request set-header {Mark} 1\n  server back {back}"),
        "apache" => Apache(at, $"RequestHeader set {Mark} 1\nProxyPass / http://{back}/ timeout=2\n"),
        "node" => Node(at, $"http.createServer((q, s) => {{ const p = http.request({{ host: '127.0.0.1', port: {back.Port}, method: q.method, path: q.url, headers: {{ ...q.headers, '{Mark.ToLowerInvariant()}': '1' }} }}, r => {{ s.writeHead(r.statusCode); r.pipe(s); }}); p.on('error', () => s.destroy()); q.pipe(p); }})"),
        "kestrel" => Kestrel(at, async context => await Forward(context, back)),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Nobody knows it."),
    };

    /// <summary>Starts a server that notes each request's path and mark in a file.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="at">Where it listens.</param>
    /// <param name="log">The file.</param>
    public static IDisposable Back(string name, IPEndPoint at, string log) => name switch
    {
        "nginx" => Nginx(at, $"log_format marks '$request_uri $http_x_front'; access_log {log} marks;", "return 200 ok;"),
        "haproxy" => Haproxy(at, log, $"http-request capture req.hdr({Mark}) len 4\n  log stdout format raw local0\n  log-format \"%HU %[capture.req.hdr(0)]\"\n  http-request return status 200 content-type text/plain string ok"),
        "apache" => Apache(at, $"LogFormat \"%U %{{{Mark}}}i\" marks\nCustomLog {log} marks\n"),
        "node" => Node(at, $"http.createServer((q, s) => {{ fs.appendFileSync('{log}', q.url + ' ' + (q.headers['{Mark.ToLowerInvariant()}'] || '-') + '\\n'); q.resume(); q.on('end', () => s.end('ok')); }})"),
        "kestrel" => Kestrel(at, async context =>
        {
            lock (Mark)
            {
                File.AppendAllText(log, $"{context.Request.Path} {context.Request.Headers[Mark]}\n");
            }

            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("ok");
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Nobody knows it."),
    };

    private static Daemon Nginx(IPEndPoint at, string http, string location) => new("/usr/sbin/nginx", "nginx", $$"""
        daemon off;
        master_process off;
        pid {0}/pid;
        error_log stderr emerg;
        events { }
        http {
          client_body_temp_path {0}/body; proxy_temp_path {0}/proxy; fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;
          {{http}}
          server { listen {{at}}; location / { {{location}} } }
        }
        """, at, "-c", "{0}/config", "-p", "{0}", "-e", "stderr");

    private static Daemon Haproxy(IPEndPoint at, string output, string section)
    {
        SampleTool.Require("/usr/sbin/haproxy", "haproxy");
        return new(
            "/bin/sh", "dash", $"defaults\n  mode http\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s\nlisten all\n  bind {at}\n  {section}\n",
            at, "-c", $"exec /usr/sbin/haproxy -db -f {{0}}/config > {output} 2>/dev/null");
    }

    private static Daemon Apache(IPEndPoint at, string more)
    {
        const string Modules = "/usr/lib/apache2/modules";
        var loads = string.Concat(
            new[] { "mpm_event", "authz_core", "headers", "proxy", "proxy_http" }.Select(static name => $"LoadModule {name}_module {Modules}/mod_{name}.so\n"));
        return new("/usr/sbin/apache2", "apache2-bin",
            $"{loads}ServerName a\nListen {at}\nPidFile {{0}}/pid\nErrorLog /dev/null\nUser www-data\nGroup www-data\nDefaultRuntimeDir {{0}}\nMutex posixsem\nTimeout 5\n{more}",
            at, "-X", "-f", "{0}/config");
    }

    private static Daemon Node(IPEndPoint at, string server) => new(
        "/usr/bin/node", "nodejs", null, at, "-e", $"const http = require('http'), fs = require('fs'); process.on('uncaughtException', () => {{}}); {server}.listen({at.Port}, '127.0.0.1');");

    private static IDisposable Kestrel(IPEndPoint at, RequestDelegate handler)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(at));
        var application = builder.Build();
        application.Run(handler);
        ((IHost)application).Start();
        return System.Reactive.Disposables.Disposable.Create(() => application.DisposeAsync().AsTask().Wait(Live.Patience));
    }

    private static async Task Forward(HttpContext context, IPEndPoint back)
    {
        using var client = new System.Net.Http.HttpClient();
        using var request = new HttpRequestMessage(new System.Net.Http.HttpMethod(context.Request.Method), $"http://{back}{context.Request.Path}");
        if (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.ContentLength = context.Request.ContentLength;
        }

        request.Headers.Add(Mark, "1");
        using var response = await client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        await response.Content.CopyToAsync(context.Response.Body);
        await Task.Yield();
    }
}
