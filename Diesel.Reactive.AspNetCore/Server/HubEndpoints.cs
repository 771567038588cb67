using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Where the handler of an endpoint runs, when it is not where the server runs applications (<see cref="DieselServerOptions.RunsOnHub"/>).</summary>
public static class HubEndpoints
{
    /// <summary>Runs the handler on the hub of its connection: its awaits resume there, and it needs no locks towards what else runs there. It must not block.</summary>
    /// <typeparam name="TBuilder">Of the endpoint.</typeparam>
    /// <param name="builder">The endpoint's, or a group's.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <remarks>What runs before it (routing, authentication, …) runs where the server says. Under another server it runs as always.</remarks>
    public static TBuilder RunOnHub<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => Wrap(builder, static handler => context =>
        context.Features.Get<IHubFeature>()?.Hub is { IsCurrent: false } hub ? On(hub, handler, context) : handler(context));

    /// <summary>Runs the handler on the thread pool, where it may block.</summary>
    /// <typeparam name="TBuilder">Of the endpoint.</typeparam>
    /// <param name="builder">The endpoint's, or a group's.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TBuilder RunOnThreadPool<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => Wrap(builder, static handler => context =>
        context.Features.Get<IHubFeature>()?.Hub is { IsCurrent: true } ? Task.Run(() => handler(context)) : handler(context));

    private static TBuilder Wrap<TBuilder>(TBuilder builder, Func<RequestDelegate, RequestDelegate> wrap)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Finally(endpoint =>
        {
            if (endpoint.RequestDelegate is { } handler)
            {
                endpoint.RequestDelegate = wrap(handler);
            }
        });
        return builder;
    }

    private static Task On(Hub hub, RequestDelegate handler, HttpContext context)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var flow = ExecutionContext.Capture();
        var label = context.GetEndpoint()?.DisplayName ?? context.Request.Path.ToString();
        return hub.Post(_ =>
        {
            hub.WorksOn(label);
            if (flow is null)
            {
                _ = Run();
            }
            else
            {
                ExecutionContext.Run(flow, _ => _ = Run(), null);
            }
        }) ? done.Task : throw new ObjectDisposedException(hub.ToString(), "The hub of this connection has ended.");

        async Task Run()
        {
            try
            {
                await handler(context);
                done.SetResult();
            }
#pragma warning disable CA1031 // It is the awaiter's.
            catch (Exception error)
#pragma warning restore CA1031
            {
                done.SetException(error);
            }
        }
    }
}
