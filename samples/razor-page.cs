#:project ../Diesel.Reactive.AspNetCore

// A page of Razor components and static files beside it, served by a hub. Its folder is the second argument, from the repository's root: dotnet run samples/razor-page.cs -- 8092 docs/images
using Diesel.Reactive;
using Diesel.Reactive.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

var (port, folder) = args.PortAndFolder(8092, ".");
var builder = WebApplication.CreateBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseDiesel().UseUrls($"http://127.0.0.1:{port}");
builder.Services.AddRazorComponents();
var app = builder.Build();
app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder), RequestPath = "/files" });
app.MapGet("/", () => new RazorComponentResult<Listing>(new Dictionary<string, object?> { ["Folder"] = folder }));
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening on {new Uri(app.Urls.Single()).Authority}"));
app.Run();

// What a .razor file becomes, by hand, as a program of one file has none.
sealed class Listing : ComponentBase
{
    [Parameter]
    public string Folder { get; set; } = ".";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, "<!doctype html><title>Files</title>");
        builder.OpenElement(1, "ul");
        foreach (var file in Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Order())
        {
            builder.OpenElement(2, "li");
            builder.OpenElement(3, "a");
            builder.AddAttribute(4, "href", $"/files/{Uri.EscapeDataString(file)}");
            builder.AddContent(5, file);
            builder.CloseElement();
            builder.CloseElement();
        }

        builder.CloseElement();
    }
}
