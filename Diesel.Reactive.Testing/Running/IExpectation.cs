namespace Diesel.Reactive.Testing;

/// <summary>Something a test says shall have happened when it ends.</summary>
internal interface IExpectation
{
    /// <summary>How it differs from what happened; null: it does not.</summary>
    MarbleReport? Judge();

    /// <summary>What was observed so far, for an error that is no difference; null: nothing to show.</summary>
    MarbleRow? Row();
}
