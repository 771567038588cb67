using NUnit.Framework;
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
            TryAttach(failed);
            throw;
        }
    }

    // Whatever it meets, the test's own failure counts more.
    private static void TryAttach(Exception failed)
    {
        try
        {
            Attach(failed);
        }
        catch (Exception error)
        {
            TestContext.Out.WriteLine($"What was expected and what came could not be attached: {error.Message}");
        }
    }

    private static void Attach(Exception failed)
    {
        switch (failed)
        {
            case MarbleCaseFailedException difference:
                Attach(".svg", difference.Draw(), "What was expected and what came, as a picture");
                Attach(".txt", difference.FullText, "What was expected and what came");
                break;
            case MarblesDifferException difference:
                Attach(".txt", difference.FullText, "What was expected and what came");
                break;
            case { InnerException: { } inner }:
                Attach(inner);
                break;
        }
    }

    private static void Attach(string kind, string content, string description)
    {
        var test = TestContext.CurrentContext.Test;
        var name = string.Concat($"{test.ID} {test.Name}".Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        var folder = Directory.CreateDirectory(Path.Combine(TestContext.CurrentContext.WorkDirectory, "marbles"));
        var path = Path.Combine(folder.FullName, name[..Math.Min(name.Length, 100)] + kind);
        File.WriteAllText(path, content);
        TestContext.AddTestAttachment(path, description);
    }
}
