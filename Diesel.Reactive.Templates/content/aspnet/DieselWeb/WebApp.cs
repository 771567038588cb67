using Diesel.Reactive.AspNetCore;

namespace DieselWeb;

/// <summary>A web application whose sockets are a hub's.</summary>
public static class WebApp
{
    public static WebApplication Build(params string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.UseDieselTransport();

        var app = builder.Build();
        app.MapGet("/", () => "Hello from a hub\n");
        return app;
    }
}
