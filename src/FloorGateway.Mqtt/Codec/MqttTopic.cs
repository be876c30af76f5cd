namespace FloorGateway.Mqtt.Codec;

/// <summary>Rules of topic names and filters on UTF-8 bytes (MQTT 5 §4.7, §4.8.2).</summary>
public static class MqttTopic
{
    private static ReadOnlySpan<byte> SharePrefix => "$share/"u8;

    /// <summary>True for a topic name that may be published to: not empty, no wildcard, within the limits.</summary>
    public static bool IsValidName(ReadOnlySpan<byte> topic, MqttLimits limits) =>
        !topic.IsEmpty && topic.Length <= limits.MaximumTopicLength && !topic.ContainsAny((byte)'+', (byte)'#') &&
        topic.Count((byte)'/') < limits.MaximumTopicLevels;

    /// <summary>
    /// True for a topic filter that may be subscribed to: '#' alone in the last level, '+' alone in its level; a shared one needs a
    /// share name without wildcards and a filter after it.
    /// </summary>
    public static bool IsValidFilter(ReadOnlySpan<byte> filter, MqttLimits limits)
    {
        if (filter.IsEmpty || filter.Length > limits.MaximumTopicLength || filter.Count((byte)'/') >= limits.MaximumTopicLevels)
            return false;
        if (filter.StartsWith(SharePrefix))
        {
            if (!TrySplitShare(filter, out var name, out var inner) || name.ContainsAny((byte)'+', (byte)'#') || inner.IsEmpty)
                return false;
            filter = inner;
        }

        while (true)
        {
            var slash = filter.IndexOf((byte)'/');
            var level = slash < 0 ? filter : filter[..slash];
            if (level.Contains((byte)'#') && (level.Length != 1 || slash >= 0))
                return false;
            if (level.Contains((byte)'+') && level.Length != 1)
                return false;
            if (slash < 0)
                return true;
            filter = filter[(slash + 1)..];
        }
    }

    /// <summary>Splits "$share/name/filter". False when it is not a shared subscription, or has no name or no filter.</summary>
    public static bool TrySplitShare(ReadOnlySpan<byte> filter, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> inner)
    {
        name = default;
        inner = default;
        if (!filter.StartsWith(SharePrefix))
            return false;
        var rest = filter[SharePrefix.Length..];
        var slash = rest.IndexOf((byte)'/');
        if (slash <= 0)
            return false;
        name = rest[..slash];
        inner = rest[(slash + 1)..];
        return !inner.IsEmpty;
    }

    /// <summary>
    /// True when a valid filter (not a shared one) covers a topic name. A leading wildcard does not cover topics that start with '$'
    /// ([MQTT-4.7.2-1]); "a/#" covers "a" itself (§4.7.1.2).
    /// </summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        if (topic.IsEmpty || filter.IsEmpty || (topic[0] == '$' && filter[0] is (byte)'+' or (byte)'#'))
            return false;
        int f = 0, t = 0;
        while (f < filter.Length)
        {
            if (filter[f] == '#')
                return true;
            if (filter[f] == '+')
            {
                f++;
                while (t < topic.Length && topic[t] != '/')
                    t++;
            }
            else
            {
                while (f < filter.Length && filter[f] != '/')
                {
                    if (t >= topic.Length || topic[t] != filter[f])
                        return false;
                    f++;
                    t++;
                }
            }

            var filterEnds = f == filter.Length;
            var topicEnds = t == topic.Length;
            if (filterEnds || topicEnds)
                return topicEnds && (filterEnds || filter[f..].SequenceEqual("/#"u8));
            if (topic[t] != '/')
                return false;
            f++;
            t++;
        }

        // The filter ended with '/', so its last level is empty: so must the topic's be.
        return t == topic.Length;
    }
}
