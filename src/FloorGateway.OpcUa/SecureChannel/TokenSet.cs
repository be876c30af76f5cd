namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>
/// Which token is sent with and which are received, across renewals (Part 4, 5.5.2). The client sends with the new token at
/// once; the server keeps sending with the old one until the client has used a newer one. Both take messages with an old token
/// until the first with a newer one. Changed by the receiving loop alone; <see cref="ForSending"/> and <see cref="Newest"/> may be
/// read by any thread.
/// </summary>
/// <remarks>
/// More than two tokens can be alive: on a channel where one side says nothing for a whole lifetime, a token is renewed before
/// the first message with it, and that message may still be on its way.
/// </remarks>
internal sealed class TokenSet(bool isServer)
{
    /// <summary>Tokens alive at once; a client that only ever renews makes the server keep no more.</summary>
    private const int MaxAlive = 4;

    private readonly List<SecurityToken> alive = new(MaxAlive + 1);
    private volatile SecurityToken? sending;
    private volatile SecurityToken? newest;

    public SecurityToken? ForSending => sending;

    /// <summary>The token issued last.</summary>
    public SecurityToken? Newest => newest;

    /// <summary>A token was issued (server) or received (client).</summary>
    public void Install(SecurityToken token)
    {
        alive.Add(token);
        newest = token;
        if (!isServer || sending is null)
            sending = token;
        if (alive.Count > MaxAlive)
            RemoveOldest(1);
    }

    /// <summary>The token a message names, or null when it is unknown, dropped or expired.</summary>
    public SecurityToken? ForReceiving(uint tokenId)
    {
        foreach (var token in alive)
        {
            if (token.Id == tokenId)
                return token.IsExpired ? null : token;
        }

        return null;
    }

    /// <summary>A message with this token was verified: the ones before it are over.</summary>
    public void Used(SecurityToken token)
    {
        var index = alive.IndexOf(token);
        if (index <= 0 && sending == token)
            return;
        RemoveOldest(index);
        if (isServer)
            sending = token;
    }

    /// <summary>The channel is over and both loops have ended.</summary>
    public void Clear()
    {
        RemoveOldest(alive.Count);
        if (sending is { } last && last.Sending != SymmetricCrypto.None)
            last.Sending.Dispose();
    }

    // The sending half is not disposed here: the sending loop may be in the middle of a chunk with it. It disposes it itself.
    private void RemoveOldest(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (alive[i].Receiving != SymmetricCrypto.None)
                alive[i].Receiving.Dispose();
        }

        alive.RemoveRange(0, count);
    }
}
