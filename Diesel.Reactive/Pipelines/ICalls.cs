namespace Diesel.Reactive;

/// <summary>Takes calls: a pipeline, a queue that one pipeline after the other serves, or something of your own before them that chooses,
/// counts or repeats. Write commands for this, and they work with all.</summary>
/// <typeparam name="TReply">What a reply is decoded to.</typeparam>
public interface ICalls<TReply>
{
    /// <summary>Where the calls run.</summary>
    Hub Hub { get; }

    /// <summary>Sends a call, in the order of these calls. Any thread.</summary>
    /// <param name="call">Not sent before.</param>
    /// <returns>Disposing it abandons the call; any thread.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="call"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The call was sent before.</exception>
    /// <remarks>Whatever else is wrong is told to <see cref="Call{TReply}.Fail"/>, in a turn of its own.</remarks>
    IDisposable Send(Call<TReply> call);
}
