namespace Diesel.Reactive;

/// <summary>A process of a <see cref="ProcessPool"/> could not be started: the work was not begun.</summary>
public sealed class ProcessNotStartedException : IOException
{
    internal ProcessNotStartedException(Exception cause)
        : base($"The work was not begun, as there is no process for it: {Label.MessageOf(cause)}", cause)
    {
    }
}
