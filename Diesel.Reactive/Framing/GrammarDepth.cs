using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>Keeps a grammar that recurses by the peer's bytes from ending the process: a stack overflow cannot be
/// caught.</summary>
internal static class GrammarDepth
{
    public static void Check()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new GrammarDepthException();
        }
    }
}
