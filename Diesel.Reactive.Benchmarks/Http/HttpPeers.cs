using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Diesel.Reactive.Benchmarks.Harness;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.Benchmarks.Http;

/// <summary>The same small application on this library and on Kestrel: a text, a value as JSON, and a folder with a file of 1 KiB.</summary>
internal static class HttpPeers
{
    public const string File = "1k.txt";

    static readonly byte[] Text = "Hello, World!"u8.ToArray();

    static string Folder
    {
        get
        {
            var folder = Path.Combine(Path.GetTempPath(), "diesel-http");
            Directory.CreateDirectory(folder);
            System.IO.File.WriteAllText(Path.Combine(folder, File), new string('x', 1024));
            return folder;
        }
    }

    public static IPEndPoint StartDiesel(int port)
    {
        var (text, files) = (Protocols.Http.HttpResponse.Bytes(Text, "text/plain"), HttpService.Files(Folder));
        var service = new HttpService(
            new IPEndPoint(IPAddress.Loopback, port),
            request => request.Head.TargetBytes.Span switch
            {
                [_] => text,
                [_, (byte)'j', ..] => Protocols.Http.HttpResponse.Json(new Message("Hello, World!")),
                _ => files(request),
            },
            new HttpServiceOptions { Socket = new() { Backlog = ServerProgram.Backlog } },
            new Hub());
        service.Start();
        return (IPEndPoint)service.EndPoint;
    }

    public static IPEndPoint StartKestrel(int port) => StartKestrel(port, inline: false);

    /// <summary>The application runs on the socket's thread; its authors call the option unsafe.</summary>
    public static IPEndPoint StartKestrelInline(int port) => StartKestrel(port, inline: true);

    static IPEndPoint StartKestrel(int port, bool inline)
    {
        ListenOptions? listening = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.Backlog = ServerProgram.Backlog;
            sockets.UnsafePreferInlineScheduling = inline;
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listening = listen));
        var application = builder.Build();
        application.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(Folder), ContentTypeProvider = new FileExtensionContentTypeProvider() });
        application.Run(Answer);
        ((IHost)application).Start();
        return listening!.IPEndPoint!;
    }

    static Task Answer(HttpContext context)
    {
        if (context.Request.Path.Value is "/json")
        {
            return context.Response.WriteAsJsonAsync(new Message("Hello, World!"));
        }

        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = Text.Length;
        return context.Response.Body.WriteAsync(Text, 0, Text.Length);
    }

    public sealed record Message(string Text);
}
