using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Commands;

namespace Diesel.Reactive.Testing;

/// <summary>Attaches to a failed test what helps to see why.</summary>
internal sealed class MarbleAttachmentCommand(TestCommand command) : DelegatingTestCommand(command)
{
    public override TestResult Execute(TestExecutionContext context)
    {
        try
        {
            return innerCommand.Execute(context);
        }
        catch (Exception failed)
        {
            FailureAttachments.Add(failed);
            throw;
        }
    }
}
