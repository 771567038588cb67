namespace Diesel.Reactive.Testing;

/// <summary>The error a <c>#</c> stands for when a test names no other.</summary>
/// <param name="message">What it says; two are equal in a comparison when they say the same.</param>
public sealed class MarbleException(string message = MarbleException.Default) : Exception(message)
{
    private const string Default = "error";

    /// <summary>Whether it says no more than that there is an error.</summary>
    internal bool IsDefault => Message == Default;
}
