using System.Text;
using System.Text.RegularExpressions;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>A pattern over tag paths: <c>*</c> any characters of one level, <c>**</c> any levels, <c>?</c> one character; the rest literally, case counts.</summary>
public sealed class TagPattern
{
    private readonly Regex expression;

    public TagPattern(string pattern)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern.AsSpan(i).StartsWith("**/"))
            {
                // "a/**/b" is also "a/b".
                text.Append("(?:.*/)?");
                i += 2;
            }
            else if (pattern.AsSpan(i).StartsWith("**"))
            {
                text.Append(".*");
                i++;
            }
            else
            {
                text.Append(pattern[i] switch
                {
                    '*' => "[^/]*",
                    '?' => "[^/]",
                    var c => Regex.Escape(c.ToString()),
                });
            }
        }

        // Linear in the path's length, whatever the pattern.
        expression = new Regex(text.Append('$').ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    public bool Fits(string path) => expression.IsMatch(path);
}
