namespace Diesel.Reactive.Tests;

/// <summary>What the table allows, and that it allows no more.</summary>
public class AllowanceTests
{
    [TestCase("sent", "20 sent", true)]
    [TestCase("20 sent", "23 sent", true)]
    [TestCase("7 sent | closed", "7 | sent", true)]
    [TestCase("sent", "20", false, TestName = "Output_that_was_sent_is_told_in_any_case")]
    [TestCase("sent 20", "sent", false, TestName = "What_comes_behind_what_was_sent_is_not_allowed_to_be_lost")]
    public void What_is_done_when_output_was_sent_comes_sooner_or_later(string expected, string actual, bool isAllowed) =>
        Assert.That(Explains(Allowance.DoneSooner, new Step('A', "pauses", On: "sent"), expected, actual), Is.EqualTo(isAllowed));

    [Test]
    public void Nothing_is_done_sooner_by_who_does_nothing() =>
        Assert.That(Explains(Allowance.DoneSooner, new Step('B', "pauses", On: "sent"), "sent", "20 sent"), Is.False);

    [TestCase("250", "251", true)]
    [TestCase("251 |", "250", true)]
    [TestCase("250", "252", false, TestName = "More_than_was_sent_in_answer_is_not_one_chunk_more")]
    [TestCase("250", "250 |", false, TestName = "An_end_is_told_however_the_chunks_are_cut")]
    [TestCase("", "1", false, TestName = "The_chunk_that_was_asked_for_comes")]
    public void An_answer_comes_in_one_chunk_or_in_two(string expected, string actual, bool isAllowed) =>
        Assert.That(Explains(Allowance.OneChunkOrTwo, new Step('B', "sends", 1, On: "bytes"), expected, actual), Is.EqualTo(isAllowed));

    [Test]
    public void What_is_not_sent_in_answer_comes_in_one_chunk() =>
        Assert.That(Explains(Allowance.OneChunkOrTwo, new Step('B', "sends", 1), "250", "251"), Is.False);

    [TestCase("pauses", "7", "10", true)]
    [TestCase("disposes", "6 closed", "9 closed", true)]
    [TestCase("aborts", "250 closed", "252 closed", false, TestName = "More_by_two_is_not_more_by_what_was_sent")]
    [TestCase("aborts", "6 closed", "9 closed", true)]
    [TestCase("completes", "", "closed", true)]
    [TestCase("completes", "sent closed", "sent", true)]
    [TestCase("pauses", "7", "9", false, TestName = "More_than_was_sent_in_a_go_is_not_one_read_more")]
    [TestCase("reads all", "7", "10", false, TestName = "Who_reads_on_has_read_all")]
    [TestCase("pauses", "7", "7 closed", false, TestName = "The_end_shows_to_who_has_ended")]
    [TestCase("completes", "7 sent", "7", false, TestName = "That_output_was_sent_is_told_however_the_chunks_are_cut")]
    public void What_is_sent_in_several_goes_is_read_at_once_or_not(string verb, string expected, string actual, bool isAllowed) =>
        Assert.That(
            Allowance.OneReadOrTwo.Explains(new Difference(
                "portable",
                [new Step('A', verb), new Step('B', "sends and waits", 7, Waits: false), new Step('B', "sends", 3)],
                new Sight(expected, "sent", ""),
                new Sight(actual, "sent", ""))),
            Is.EqualTo(isAllowed));

    [Test]
    public void What_is_sent_alone_is_not_read_with_anything_else() =>
        Assert.That(
            Allowance.OneReadOrTwo.Explains(new Difference(
                "portable", [new Step('A', "pauses"), new Step('B', "sends", 7), new Step('B', "sends", 3)], new Sight("7", "", ""), new Sight("10", "", ""))),
            Is.False);

    [TestCase("250 | #ConnectionReset", "250 #ConnectionReset", true)]
    [TestCase("250 #ConnectionReset", "250 | #ConnectionReset", false, TestName = "A_reset_that_takes_nobodys_place_is_no_end")]
    [TestCase("250 |", "250 #ConnectionReset", false, TestName = "An_end_without_a_reset_is_an_end")]
    public void A_reset_takes_the_place_of_an_end(string expected, string actual, bool isAllowed) =>
        Assert.That(Explains(Allowance.ResetInPlaceOfEnd, new Step('B', "aborts"), expected, actual), Is.EqualTo(isAllowed));

    // A has asked for one chunk; B is told the same on both.
    private static bool Explains(Allowance allowance, Step step, string expected, string actual) =>
        allowance.Explains(new Difference("epoll", [new Step('A', "reads once"), step], new Sight(expected, "3", ""), new Sight(actual, "3", "")));
}
