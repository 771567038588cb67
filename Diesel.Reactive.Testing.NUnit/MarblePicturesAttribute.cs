using NUnit.Framework;
using NUnit.Framework.Internal.ExecutionHooks;

namespace Diesel.Reactive.Testing;

/// <summary>Attaches to each failed marble test and simulation its picture and its whole text: <c>[assembly: MarblePictures]</c> for all tests of a project, or on
/// a class or a method.</summary>
/// <remarks>A test of <see cref="MarbleFileAttribute"/> has them without it.</remarks>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
public sealed class MarblePicturesAttribute : ExecutionHookMethodsAttribute
{
    /// <inheritdoc/>
    public override void AfterTestHook(HookData hookData)
    {
        ArgumentNullException.ThrowIfNull(hookData);
        if (hookData.Exception is { } failed)
        {
            FailureAttachments.Add(failed);
        }
    }
}
