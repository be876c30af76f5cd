namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>
/// Which token is sent with and which are received, across renewals (Part 4, 5.5.2). The client sends with the new token at
/// once; the server keeps sending with the old one until the client has used the new one. Both take messages with the old token
/// until the first with the new one. Changed by the receiving loop alone; <see cref="ForSending"/> may be read by any thread.
/// </summary>
internal sealed class TokenSet(bool isServer)
{
    private SecurityToken? current;
    private SecurityToken? next;
    private volatile SecurityToken? sending;

    public SecurityToken? ForSending => sending;

    /// <summary>The token issued last.</summary>
    public SecurityToken? Newest => next ?? current;

    /// <summary>A token was issued (server) or received (client).</summary>
    public void Install(SecurityToken token)
    {
        if (current is null)
        {
            current = token;
            sending = token;
            return;
        }

        // A token that was never used is replaced: the client has asked again.
        Retire(next);
        next = token;
        if (!isServer)
            sending = token;
    }

    /// <summary>The token a message names, or null when it is unknown, dropped or expired.</summary>
    public SecurityToken? ForReceiving(uint tokenId, DateTimeOffset now)
    {
        var token = next?.Id == tokenId ? next : current?.Id == tokenId ? current : null;
        return token is null || now > token.ExpiresAt ? null : token;
    }

    /// <summary>A message with this token was verified: with a new token, the old one is over.</summary>
    public void Used(SecurityToken token)
    {
        if (token != next)
            return;
        Retire(current);
        current = next;
        next = null;
        sending = current;
    }

    // The sending half is not disposed here: the sending loop may be in the middle of a chunk with it. It disposes it itself.
    private static void Retire(SecurityToken? token)
    {
        if (token is not null && token.Receiving != SymmetricCrypto.None)
            token.Receiving.Dispose();
    }
}
