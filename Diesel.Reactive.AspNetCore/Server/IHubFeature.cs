namespace Diesel.Reactive.AspNetCore;

/// <summary>The hub under a request: <c>context.Features.Get&lt;IHubFeature&gt;()</c>.</summary>
public interface IHubFeature
{
    /// <summary>Where its connection lives.</summary>
    Hub Hub { get; }
}
