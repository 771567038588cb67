using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>Keeps decoders that call one another, by the peer's bytes, from ending the process: a stack overflow cannot be
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
