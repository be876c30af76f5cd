using System.Globalization;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Normalisation;

/// <summary>The stage that gives a value the kind its tag declares.</summary>
internal static class KindStage
{
    private const string DigitsFormat = "yyyyMMddHHmmss";

    public static void Convert(ref Sample sample, in TagPlan plan)
    {
        var value = sample.Value;
        if (value.Kind == plan.Target || value.IsNull)
            return;
        if (TryConvert(value, plan, out var converted))
            sample.Value = converted;
        else
            ValueStages.Fail(ref sample, value.IsNumeric ? StatusQuality.BadOutOfRange : StatusQuality.BadDecodingError);
    }

    private static bool TryConvert(in TagValue value, in TagPlan plan, out TagValue to)
    {
        to = default;
        switch (plan.Target)
        {
            case ValueKind.String:
                to = TagValue.From(value.ToString());
                return value.Kind < ValueKind.Bytes;
            case ValueKind.DateTime:
                return TryTime(value, plan.Source, out to);
            case ValueKind.Boolean when value.Kind == ValueKind.String:
                var text = value.AsString()!.AsSpan().Trim();
                var yes = text is "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase);
                to = TagValue.From(yes);
                return yes || text is "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase);
        }

        if (!value.TryGetDouble(out var number))
            return false;
        switch (plan.Target)
        {
            case ValueKind.Double:
                to = TagValue.From(number);
                return true;
            case ValueKind.Single:
                to = TagValue.From((float)number);
                return true;
            case ValueKind.Boolean:
                to = TagValue.From(number != 0);
                return true;
            case ValueKind.Int64 when value.TryGetInt64(out var whole):
                to = TagValue.From(whole);
                return true;
            case ValueKind.Int64:
                to = TagValue.From((long)Math.Round(number));
                return number is >= -9.2233720368547758e18 and < 9.2233720368547758e18;
            case ValueKind.UInt64 when value.TryGetInt64(out var whole):
                to = TagValue.From((ulong)whole);
                return whole >= 0;
            case ValueKind.UInt64:
                to = TagValue.From((ulong)Math.Round(number));
                return number is >= 0 and < 1.8446744073709552e19;
            default:
                return false;
        }
    }

    private static bool TryTime(in TagValue value, TagNormalisation options, out TagValue to)
    {
        to = default;
        if (options.TimeFormat == TimeFormat.Bcd)
            return BcdClock.TryRead(value, options.LocalOffset, out to);
        if (options.TimeFormat is TimeFormat.Iso8601 or TimeFormat.Digits)
        {
            var text = value.Kind is ValueKind.Int64 or ValueKind.UInt64 ? value.ToString() : value.AsString();
            var formats = options.TimeFormat == TimeFormat.Digits;
            if (text is null || !(formats
                ? DateTime.TryParseExact(text.AsSpan().Trim(), DigitsFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                : DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces, out time)))
                return false;
            if (time.Kind == DateTimeKind.Unspecified)
            {
                var ticks = time.Ticks - options.LocalOffset.Ticks;
                if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
                    return false;
                time = new DateTime(ticks, DateTimeKind.Utc);
            }

            to = TagValue.From(time);
            return true;
        }

        if (!value.TryGetInt64(out var count) && !(value.TryGetDouble(out var real) && Math.Abs(real) < 1e18 && (count = (long)real) == real))
            return false;
        var (epoch, each) = options.TimeFormat switch
        {
            TimeFormat.UnixSeconds => (DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond),
            TimeFormat.UnixMilliseconds => (DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerMillisecond),
            _ => (new DateTime(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks, 1L),
        };
        if (count < -epoch / each || count > (DateTime.MaxValue.Ticks - epoch) / each)
            return false;
        to = TagValue.From(new DateTime(epoch + (count * each), DateTimeKind.Utc));
        return true;
    }
}
