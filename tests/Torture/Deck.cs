namespace Torture;

/// <summary>
/// Which blow each round deals, and with what chance inside it. A deck of cards, shuffled by the seed and dealt to its end before it is shuffled again: so every kind
/// comes in every run that is long enough. A round's chances depend on seed and number alone: it can be dealt again by itself.
/// </summary>
internal sealed class Deck(IReadOnlyList<Blow> blows, int seed)
{
    /// <summary>The rounds from 1 on.</summary>
    public IEnumerable<(int Number, Blow Blow, Random Random)> Deal(int rounds)
    {
        var shuffle = new Random(seed);
        var cards = blows.SelectMany(b => Enumerable.Repeat(b, b.Cards)).ToArray();
        for (var number = 1; number <= rounds; number++)
        {
            var at = (number - 1) % cards.Length;
            if (at == 0)
                shuffle.Shuffle(cards);
            yield return (number, cards[at], new Random(unchecked((seed * 1_000_003) + number)));
        }
    }
}
