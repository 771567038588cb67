namespace Diesel.Reactive;

/// <summary>A call that is told from others by its id: what <see cref="Correlation"/>'s <c>ById</c> takes.</summary>
/// <typeparam name="TId">The id, which replies repeat.</typeparam>
public interface IIdentified<TId>
{
    /// <summary>The id. Given by the pipeline just before <see cref="Call{TReply}.Write"/>, unique among those in flight.</summary>
    TId Id { get; set; }
}
